"""What belongs to a contact of events, and what becomes of an answer when two people turn out to be one."""

from django.utils.translation import gettext_lazy as _

from crm.base.parts import Journal, declare
from crm.duplicates.merging import one_of_two
from crm.links.models import Link
from engagement.events import links
from engagement.events.models import AttendedKind, Participation

_ANSWER = ("status", "needs", "answered_at")


def _one_answer(journal: Journal, there: Participation, coming: Participation, kept: dict[str, int]) -> None:
    """The latest answer counts, and both links open it."""
    earliest = there.created_at
    if (coming.answered_at or earliest) > (there.answered_at or earliest):
        journal.change(there, **{name: getattr(coming, name) for name in _ANSWER})
    # Each of these is part of the key of a mail that went out, so the sum is a number not used before.
    for name in ("answers", "cancellations"):
        journal.change(there, **{name: getattr(there, name) + getattr(coming, name)})
    for link in Link.objects.filter(purpose=links.ANSWER, subject=str(coming.pk)):
        journal.change(link, subject=str(there.pk), superseded=True, **kept)
    one_of_two(journal, there, coming)


declare(Participation, "contact", clash=_one_answer, called=_("invitations to events"), page="event")
declare(AttendedKind, "contact", derived=True)
