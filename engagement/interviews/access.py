"""Who may do what with interviews, and where that begins."""

from django.utils.translation import gettext_lazy as _

from crm.accounts.roles import TEAM, grant
from crm.base.menu import ContactAction, MenuEntry, register_contact_action, register_entry

grant("interviews.view", TEAM)
grant("interviews.change", TEAM)
register_entry(
    MenuEntry(
        "interview_list",
        ("interview", "guide", "capture", "attachment"),
        "message-square-quote",
        _("Interviews"),
        "interviews.view",
        50,
        in_front=True,
    )
)
register_contact_action(ContactAction("interview_new", "plus", _("Interview"), "interviews.change"))
