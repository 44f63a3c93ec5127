"""What became of an invitation: who answered what."""

from collections import Counter
from datetime import datetime

from engagement.events.models import Event, Participation, ParticipationQuerySet
from engagement.mailings.models import Mailing, Message

Status = Participation.Status


def invitation_over_at(mailing: Mailing) -> datetime:
    """An invitation makes no sense once the event has started."""
    return Event.objects.values_list("starts_at", flat=True).get(pk=mailing.about_id)


def _answered(mailing: Mailing) -> ParticipationQuerySet:
    """The answers of those to whom this mailing went."""
    went = [Message.State.SENT, Message.State.BOUNCED, Message.State.UNCERTAIN]
    people = mailing.messages.filter(state__in=went).values("contact")
    there = Participation.objects.filter(event=mailing.about_id, contact__in=people).order_by()
    return there.exclude(status=Status.NEEDS_ACTION)


def invitation_answers(mailing: Mailing) -> dict[int, str]:
    answers = _answered(mailing).values_list("contact", "status")
    return {contact: str(Status(status).label) for contact, status in answers}


def invitation_results(mailing: Mailing) -> list[tuple[str, int]]:
    found = Counter(_answered(mailing).values_list("status", flat=True))
    order = (Status.ACCEPTED, Status.TENTATIVE, Status.DECLINED)
    return [(str(status.label), found[status.value]) for status in order]
