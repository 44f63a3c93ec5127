"""How an interview reads on the timeline."""

from django.utils.translation import gettext_lazy as _

from crm.base.happenings import HEARD, Kind, register, register_thing
from engagement.interviews.models import Interview
from engagement.statements.models import Writeup
from engagement.statements.sources import Occasion, Source, register_source

HELD = register(
    Kind(
        "interview.held",
        "message-square-quote",
        "conversation",
        _("Interview by %(interviewer)s"),
        by_person=True,
        touches=frozenset({HEARD}),
        capability="interviews.view",
    )
)
register_thing("interview", Interview, capability="interviews.view")


def _occasion(interview: Interview) -> Occasion:
    return Occasion(by=str(interview.interviewer or ""), promise=interview.promise)


def _settled(writeup: Writeup) -> None:
    """The state of a conversation that was held follows what became of asking for approval."""
    for interview in Interview.objects.filter(writeup=writeup, state__in=Interview.COUNTING):
        if writeup.approved_at:
            state = Interview.State.APPROVED
        elif writeup.approval_requests.exists():
            state = Interview.State.ASKED
        elif interview.state in (Interview.State.ASKED, Interview.State.APPROVED):
            state = Interview.State.WRITTEN_UP
        else:
            continue
        Interview.objects.filter(pk=interview.pk).update(state=state)


register_source(
    Source(
        "interview",
        _("Conversation with %(what)s"),
        at=lambda interview: interview.held_at,
        occasion=_occasion,
        related=("contacts",),
        settled=_settled,
    )
)
