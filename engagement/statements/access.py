"""Who may do what with notes and statements, and where that begins."""

from django.utils.translation import gettext_lazy as _

from crm.accounts.roles import EVERYBODY, TEAM, grant
from crm.base.menu import MenuEntry, register_entry

grant("statements.view", EVERYBODY)
# Who said them, and the notes that they were taken from.
grant("statements.names", TEAM)
grant("statements.change", TEAM)
register_entry(
    MenuEntry(
        "statement_list",
        ("statement", "code"),
        "quote",
        _("Statements"),
        "statements.view",
        55,
    )
)
