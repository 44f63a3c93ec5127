"""Who may do what with bodies, and their place in the menu."""

from django.utils.translation import gettext_lazy as _

from crm.accounts.roles import EVERYBODY, TEAM, grant
from crm.base.menu import MenuEntry, register_entry

grant("bodies.view", EVERYBODY)
grant("bodies.change", TEAM)
register_entry(MenuEntry("body_list", ("body", "seat", "term"), "armchair", _("Bodies"), "bodies.view", 40))
