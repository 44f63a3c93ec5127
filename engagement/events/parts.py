"""What belongs to a contact of events, and what becomes of an answer when two people turn out to be one."""

from django.utils.translation import gettext_lazy as _

from crm.base.parts import Journal, declare
from crm.duplicates.merging import one_of_two
from crm.links.models import Link
from engagement.events import links
from engagement.events.models import AttendedKind, Participation
from engagement.mailings.models import Message

_ANSWER = ("status", "needs", "answered_at")


def _one_answer(journal: Journal, there: Participation, coming: Participation, kept: dict[str, int]) -> None:
    """The latest answer counts, both links open it, and its confirmation still goes out if it waits."""
    earliest = there.created_at
    latest = coming if (coming.answered_at or earliest) > (there.answered_at or earliest) else there
    confirmations = _waiting_confirmations(latest)
    journal.change(there, **{name: getattr(latest, name) for name in _ANSWER})
    # Each of these counts mails that went out, so the sum is a number not used before.
    for name in ("answers", "cancellations"):
        journal.change(there, **{name: getattr(there, name) + getattr(coming, name)})
    for message in confirmations:
        journal.change(message, revision=there.answers)
    for link in Link.objects.filter(purpose=links.ANSWER, subject=str(coming.pk)):
        journal.change(link, subject=str(there.pk), superseded=True, **kept)
    one_of_two(journal, there, coming)


def _waiting_confirmations(participation: Participation) -> list[Message]:
    """Of its last answer. In a merge this is asked before the mails of the one change hands, since events are
    declared before mailings.
    """
    theirs = Message.objects.filter(contact=participation.contact_id, state__in=Message.UNFINISHED)
    about = {"kind": "confirmation", "about_id": participation.event_id}
    return list(theirs.filter(**about, revision=participation.answers))


declare(Participation, "contact", clash=_one_answer, called=_("invitations to events"), page="event")
declare(AttendedKind, "contact", derived=True)
