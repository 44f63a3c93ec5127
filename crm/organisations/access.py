"""Who may do what with organisations, and their place in the menu."""

from django.utils.translation import gettext_lazy as _

from crm.accounts.roles import EVERYBODY, SENDERS, TEAM, grant
from crm.base.menu import MenuEntry, register_entry

grant("organisations.view", EVERYBODY)
grant("organisations.change", TEAM)
grant("organisations.export", TEAM)
grant("organisations.delete", SENDERS)
register_entry(
    MenuEntry(
        "organisation_list", ("organisation",), "building-2", _("Organisations"), "organisations.view", 30
    )
)
