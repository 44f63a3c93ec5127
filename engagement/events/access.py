"""Who may do what with events, and their place in the menu."""

from django.utils.translation import gettext_lazy as _

from crm.accounts.roles import EVERYBODY, SENDERS, grant
from crm.base.menu import MenuEntry, register_entry

grant("events.view", EVERYBODY)
grant("events.change", SENDERS)
# What people say they need is for who organises the event, and for nobody else.
grant("events.needs", SENDERS)
register_entry(MenuEntry("event_list", ("event",), "calendar", _("Events"), "events.view", 60))
