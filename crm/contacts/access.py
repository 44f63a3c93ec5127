"""Who may do what with contacts, and their place in the menu."""

from django.utils.translation import gettext_lazy as _

from crm.accounts.roles import EVERYBODY, SENDERS, TEAM, grant
from crm.base.menu import MenuEntry, register_entry

grant("contacts.view", EVERYBODY)
grant("contacts.change", TEAM)
grant("contacts.export", TEAM)
grant("contacts.delete", SENDERS)
register_entry(
    MenuEntry(
        "contact_list",
        ("contact", "duplicate", "merge"),
        "users",
        _("Contacts"),
        "contacts.view",
        20,
        in_front=True,
    )
)
