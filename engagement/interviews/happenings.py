"""How an interview reads on the timeline."""

from django.utils.translation import gettext_lazy as _

from crm.base.happenings import HEARD, Kind, register, register_thing
from engagement.interviews.models import Interview
from engagement.statements.sources import Source, register_source

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
register_source(
    Source(
        "interview",
        _("Conversation with %(what)s"),
        at=lambda interview: interview.held_at,
        related=("contacts",),
    )
)
