"""Who may read what was heard on a theme, and where that begins."""

from django.utils.translation import gettext_lazy as _

from crm.accounts.roles import EVERYBODY, grant
from crm.base.menu import MenuEntry, register_entry

grant("briefings.view", EVERYBODY)
register_entry(MenuEntry("briefing_list", ("briefing",), "book-open", _("Themes"), "briefings.view", 59))
