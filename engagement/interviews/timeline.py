"""How an interview reads on the timeline."""

from django.utils.translation import gettext_lazy as _

from crm.timeline.kinds import EntryKind, register

HELD = register(
    EntryKind(
        "interview.held",
        "message-square-quote",
        "conversation",
        _("Interview by %(interviewer)s"),
        by_person=True,
    )
)
