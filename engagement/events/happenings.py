"""How events read on the timeline of a contact."""

from django.utils.translation import gettext_lazy as _

from crm.base.happenings import HEARD, Kind, register, register_thing
from engagement.events.models import Event, Participation
from engagement.statements.sources import Occasion, Source, register_source

INVITED = register(Kind("event.invited", "send", "mail", _("Invitation sent: %(title)s")))
REMINDED = register(Kind("event.reminded", "bell", "mail", _("Reminder sent: %(title)s")))
UPDATED = register(Kind("event.updated", "send", "mail", _("Told about a change: %(title)s")))
CANCELLED = register(Kind("event.cancelled", "send", "mail", _("Told about the cancellation: %(title)s")))
ATTENDED = register(
    Kind(
        "event.attended",
        "user-check",
        "conversation",
        _("Was at %(title)s"),
        by_person=True,
        touches=frozenset({HEARD}),
    )
)
register_thing("event", Event, capability="events.view")
register_source(
    Source(
        "event",
        _("%(what)s"),
        at=lambda event: event.starts_at,
        occasion=lambda event: Occasion(title=event.title(), promise=event.promise()),
    )
)

ANSWERED = {
    Participation.Status.ACCEPTED: register(
        Kind("event.accepted", "check", "conversation", _("Comes to %(title)s"), by_person=True)
    ),
    Participation.Status.DECLINED: register(
        Kind("event.declined", "x", "conversation", _("Does not come to %(title)s"), by_person=True)
    ),
    Participation.Status.TENTATIVE: register(
        Kind("event.tentative", "circle-help", "conversation", _("May come to %(title)s"), by_person=True)
    ),
}
