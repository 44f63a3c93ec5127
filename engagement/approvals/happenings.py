"""How asking for approval, and the answer, read on the timeline."""

from django.utils.translation import gettext_lazy as _

from crm.base.happenings import Kind, register

ASKED = register(
    Kind(
        "approval.asked",
        "send",
        "mail",
        _("Asked to approve what was said"),
        capability="approvals.change",
    )
)
ANSWERED = register(
    Kind(
        "approval.answered",
        "badge-check",
        "conversation",
        _("Answered about what was said"),
        by_person=True,
        capability="approvals.change",
    )
)
