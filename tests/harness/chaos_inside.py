"""What chaos does and asks within Kwartet; Stack.shell() runs these, and JSON carries the answers."""

import time
from collections import Counter
from random import Random
from typing import Any

from django.utils import timezone

from crm.accounts.models import User
from crm.contacts.models import Contact, ContactPoint
from crm.preferences.services import record_consent, suppress
from crm.timeline.models import TimelineEntry
from engagement.events.models import Event
from engagement.events.services import cancel_event, choose_audience, invite
from engagement.mailings import services as mailings
from engagement.mailings.models import Mailing, Message
from tests.factories import make_event, make_user

State = Message.State
WAYS_TO_SAY_NO = ("said no", "said no", "said no", "suppressed", "bad address")


def start(name: str, people: int) -> dict[str, int]:
    """An event to which `people` new people, called by the name of the event, are invited."""
    contacts = Contact.objects.bulk_create(_person(name, number) for number in range(people))
    ContactPoint.objects.bulk_create(
        ContactPoint(contact=person, kind="email", value=f"{name}{number}@example.org", preferred=True)
        for number, person in enumerate(contacts)
    )
    event = make_event()
    chosen = Contact.objects.filter(pk__in=[person.pk for person in contacts])
    mailing = choose_audience(
        event=event, audience={}, contacts=chosen, by=User.objects.first() or make_user()
    )
    invite(mailing=mailing)
    return {"event": event.pk, "mailing": mailing.pk}


def _person(name: str, number: int) -> Contact:
    language = ("nl", "en")[number % 2]
    person = Contact(given_name="Jan", family_name=f"Berg {name} {number}", language=language)
    person.set_keys()
    return person


def say_no(mailing: int, seed: str) -> list[tuple[str, float]]:
    """A few of those who wait, or are about to be mailed, do not want or cannot; (address, moment) each."""
    still = [State.QUEUED, State.DEFERRED, State.CLAIMED]
    found = Message.objects.filter(mailing=mailing, state__in=still).select_related("contact")
    # Those claimed now are the nearest to going out.
    waiting = sorted(found, key=lambda message: (message.state != State.CLAIMED, message.address))
    chosen = Random(seed).sample(waiting[:30], min(len(waiting), 2 * len(WAYS_TO_SAY_NO)))
    return [_no_of(message, how) for message, how in zip(chosen, WAYS_TO_SAY_NO * 2, strict=False)]


def _no_of(message: Message, how: str) -> tuple[str, float]:
    if how == "said no":
        record_consent(contact=message.contact, purpose="invitation", allowed=False, source="form")
    elif how == "suppressed":
        suppress(address=message.address, reason="asked by letter")
    else:
        message.contact.contact_points.update(state=ContactPoint.State.BOUNCED)
    return message.address, time.time()


def cancel(event: int) -> float:
    cancel_event(event=Event.objects.get(pk=event))
    return time.time()


def pause(mailing: int) -> float:
    mailings.pause(mailing=Mailing.objects.get(pk=mailing))
    return time.time()


def resume(mailing: int) -> None:
    mailings.resume(mailing=Mailing.objects.get(pk=mailing))


def hasten() -> dict[str, int]:
    """Make due what was deferred, go on where the breaker paused, and count the messages by state."""
    now = timezone.now()
    Message.objects.filter(state=State.DEFERRED, due_at__gt=now).update(due_at=now)
    for mailing in Mailing.objects.filter(state=Mailing.State.PAUSED).exclude(pause_reason=""):
        mailings.resume(mailing=mailing)
    untold = Message.objects.unnoted().count()
    return Counter(Message.objects.values_list("state", flat=True)) | Counter(untold=untold)


def ledger() -> dict[str, Any]:
    """All messages as a person sees them, and the invitations that the timelines tell of."""
    fields = ("kind", "address", "state", "reason", "reply", "mailing")
    messages = list(Message.objects.values("pk", *fields))
    told = TimelineEntry.objects.filter(kind="event.invited").values_list("contact", flat=True)
    return {"messages": messages, "told": sorted(Counter(told).values())}
