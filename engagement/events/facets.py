"""What events say of a contact: which kinds they attended, when they were last heard there, and invited."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import Max
from django.utils import timezone

from crm.contacts.facets import count_attended, count_heard, count_invited
from engagement.events.models import Event, Participation
from engagement.mailings.models import Message


def last_attended(contacts: Sequence[int]) -> dict[int, date]:
    """Who was at a session or workshop could say something there, so counts as heard that day."""
    there = Participation.objects.attended().filter(contact__in=contacts)
    latest = there.values_list("contact").annotate(latest=Max("event__starts_at")).order_by()
    return {contact: timezone.localdate(moment) for contact, moment in latest}


def kinds_attended(contacts: Sequence[int]) -> set[tuple[int, str]]:
    there = Participation.objects.attended().filter(contact__in=contacts)
    return set(there.values_list("contact", "event__kind").order_by())


def last_invited(contacts: Sequence[int]) -> dict[int, datetime]:
    sent = Message.objects.filter(contact__in=contacts, kind="invitation", state=Message.State.SENT)
    return dict(sent.values_list("contact").annotate(latest=Max("sent_at")).order_by())


count_heard(last_attended)
count_invited(last_invited)
count_attended(kinds_attended, {kind.value: kind.label for kind in Event.Kind})
