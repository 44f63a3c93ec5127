"""What events say of a contact: which kinds they attended, when they were last heard there, and invited."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max, OuterRef, Subquery
from django.utils import timezone

from crm.contacts.facets import count_attended, count_heard, count_invited
from crm.contacts.models import Contact
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


@transaction.atomic
def keep_invited(contacts: Collection[int]) -> None:
    """What keep_facets() makes of invitations that went out, for many and in one statement."""
    people = Contact.objects.filter(pk__in=contacts)
    # In order and locked first, as keep_facets() does.
    list(people.select_for_update().order_by("pk").values_list("pk"))
    sent = Message.objects.filter(contact=OuterRef("pk"), kind="invitation", state=Message.State.SENT)
    people.update(last_invited_at=Subquery(sent.order_by("-sent_at").values("sent_at")[:1]))


count_heard(last_attended)
count_invited(last_invited)
count_attended(kinds_attended, {kind.value: kind.label for kind in Event.Kind})
