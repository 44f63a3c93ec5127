"""How events read on the timeline of a contact."""

from django.utils.translation import gettext_lazy as _

from crm.timeline.kinds import EntryKind, register
from crm.usage import call_it
from engagement.events.models import Participation

call_it(Participation, _("invitations to events"), page="event")
INVITED = register(EntryKind("event.invited", "send", "mail", _("Invitation sent: %(title)s")))
REMINDED = register(EntryKind("event.reminded", "bell", "mail", _("Reminder sent: %(title)s")))
UPDATED = register(EntryKind("event.updated", "send", "mail", _("Told about a change: %(title)s")))
CANCELLED = register(
    EntryKind("event.cancelled", "send", "mail", _("Told about the cancellation: %(title)s"))
)
ATTENDED = register(
    EntryKind("event.attended", "user-check", "conversation", _("Was at %(title)s"), by_person=True)
)

ANSWERED = {
    Participation.Status.ACCEPTED: register(
        EntryKind("event.accepted", "check", "conversation", _("Comes to %(title)s"), by_person=True)
    ),
    Participation.Status.DECLINED: register(
        EntryKind("event.declined", "x", "conversation", _("Does not come to %(title)s"), by_person=True)
    ),
    Participation.Status.TENTATIVE: register(
        EntryKind(
            "event.tentative", "circle-help", "conversation", _("May come to %(title)s"), by_person=True
        )
    ),
}
