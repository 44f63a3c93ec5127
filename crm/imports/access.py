"""Who may import, and where that stands in the menu."""

from django.utils.translation import gettext_lazy as _

from crm.accounts.roles import ADMINS, grant
from crm.base.menu import MenuEntry, register_entry

grant("imports.run", ADMINS)
register_entry(MenuEntry("import_list", ("import",), "file-input", _("Import"), "imports.run", 80))
