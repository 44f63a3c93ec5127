"""Who may do what with mailings, and their place in the menu."""

from django.utils.translation import gettext_lazy as _

from crm.accounts.roles import SENDERS, TEAM, grant
from crm.base.menu import MenuEntry, register_entry

grant("mailings.view", TEAM)
grant("mailings.send", SENDERS)
register_entry(
    MenuEntry("mailing_list", ("mailing", "composition", "inbox"), "mail", _("Mailings"), "mailings.view", 70)
)
