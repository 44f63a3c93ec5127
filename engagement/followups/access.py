"""Who may do what with follow-ups, and where that begins."""

from django.utils.translation import gettext_lazy as _

from crm.accounts.roles import TEAM, grant
from crm.base.menu import ContactAction, MenuEntry, register_contact_action, register_entry

grant("followups.view", TEAM)
grant("followups.change", TEAM)
register_entry(
    MenuEntry("followup_list", ("followup",), "list-checks", _("Follow-ups"), "followups.view", 57)
)
register_contact_action(ContactAction("followup_new", "list-checks", _("Follow-up"), "followups.change"))
