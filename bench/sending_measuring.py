"""The parts of bench/sending.py that run inside Django: data, the limit, and what is asked of the workers."""

import smtplib
import time
from collections.abc import Sequence
from datetime import datetime
from io import StringIO
from typing import Any
from uuid import UUID

from celery import current_app
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.management import call_command
from django.db.models import Max
from django.utils import timezone

from crm.contacts.models import Contact, ContactPoint
from engagement.events.models import Event, Participation
from engagement.events.services import invite
from engagement.mailings import delivery
from engagement.mailings.batch import Batch
from engagement.mailings.journal import Journal
from engagement.mailings.kinds import KINDS, Letter
from engagement.mailings.making import made
from engagement.mailings.marks import Marks, Sent, Take
from engagement.mailings.mime import build, message_headers, sender_address
from engagement.mailings.models import Mailing, Message
from engagement.mailings.services import draft
from tests.factories import make_event

CHUNK = 100


def prepare(people: int) -> int:
    for command in ("migrate", "createcachetable", "load_reference"):
        call_command(command, verbosity=0, stdout=StringIO())
    contacts = [
        Contact(
            given_name=f"Zoë{number}",
            family_name=f"Berg & {number}",
            infix="van den",
            form_of_address="mevrouw",
            language="nl" if number % 2 else "en",
        )
        for number in range(people)
    ]
    for contact in contacts:
        contact.set_keys()
    contacts = Contact.objects.bulk_create(contacts)
    ContactPoint.objects.bulk_create(
        ContactPoint(contact=one, kind="email", value=f"p{one.pk}@example.org", preferred=True)
        for one in contacts
    )
    make_event()
    return len(contacts)


def queue_invitations(number: int) -> int:
    """A fresh outbox with so many invitations."""
    Message.objects.all()._raw_delete("default")
    Participation.objects.all()._raw_delete("default")
    Mailing.objects.all().delete()
    event = Event.objects.get()
    everybody = Contact.objects.order_by("pk")
    mailing = draft(kind="invitation", about_id=event.pk, title="", audience={}, contacts=everybody, by=None)
    invite(mailing=mailing)
    keep = Message.objects.order_by("pk").values("pk")[:number]
    Message.objects.exclude(pk__in=list(keep.values_list("pk", flat=True)))._raw_delete("default")
    current_app.control.purge()
    return Message.objects.count()


def letters(number: int) -> list[Letter]:
    messages = list(Message.objects.select_related("contact").order_by("pk")[:number])
    return [
        letter
        for start in range(0, len(messages), CHUNK)
        for letter in KINDS["invitation"].letters(messages[start : start + CHUNK])
    ]


def limit() -> float:
    """Messages a second of smtplib alone: everything made beforehand, one connection."""
    queue_invitations(10**6)
    ready = [(letter.message.address, made(letter)) for letter in letters(10**6)]
    sender = sender_address()
    with smtplib.SMTP(settings.EMAIL_HOST, settings.EMAIL_PORT) as smtp:
        smtp.ehlo()
        start = time.perf_counter()
        for address, raw in ready:
            smtp.sendmail(sender, [address], raw)
        taken = time.perf_counter() - start
    return len(ready) / taken


def wait_for_workers(number: int) -> int:
    until = time.monotonic() + 60
    while len(current_app.control.ping(timeout=1) or ()) < number:
        if time.monotonic() > until:
            raise TimeoutError
    time.sleep(1)
    return number


def rate_of(how: str, number: int) -> dict[str, float]:
    """Ring, and count messages a second from the ring to the moment that the last one went out, and for
    Kwartet to the moment that the last timeline was told of it.
    """
    keys = [str(key) for key in Message.objects.order_by("due_at", "pk").values_list("pk", flat=True)]
    # Whoever rings has been connected to the broker for long.
    with current_app.producer_or_acquire() as producer:
        producer.connection.ensure_connection()
        producer.channel  # noqa: B018  # opened by looking at it
    start = timezone.now()
    if how == "ours":
        current_app.send_task("tasks.outbox.deliver")
    elif how == "naive":
        for key in keys:
            current_app.send_task("bench.naive", [key])
    else:
        for begin in range(0, len(keys), CHUNK):
            current_app.send_task("bench.chunked", [keys[begin : begin + CHUNK]])
    sent = Message.objects.filter(state=Message.State.SENT)
    done = sent.filter(noted_at__isnull=False) if how == "ours" else sent
    until = time.monotonic() + 300
    while done.count() < number:
        if time.monotonic() > until:
            raise TimeoutError(f"{done.count()} of {number}")
        time.sleep(0.2)
    last = sent.aggregate(sent=Max("sent_at"), told=Max("noted_at"))
    return {name: number / (moment - start).total_seconds() for name, moment in last.items() if moment}


def send_by_django(keys: Sequence[str], *, together: bool) -> None:
    """Render and send by Django, and note in the row that it was sent."""
    connection = get_connection() if together else None
    if connection:
        connection.open()
    for key in keys:
        message = Message.objects.select_related("contact").get(pk=key)
        django_mail(KINDS["invitation"].letters([message])[0], connection).send()
        delivered = Message.objects.filter(pk=key)
        for state in ("claimed", "handing_over"):
            held = {"claim": UUID(int=1), "lease_until": timezone.now()}
            delivered.update(state=state, **held)
        delivered.update(state="sent", sent_at=timezone.now(), claim=None, lease_until=None)
    if connection:
        connection.close()


def django_mail(letter: Letter, connection: Any) -> EmailMultiAlternatives:
    mail = KINDS["invitation"].compose(letter, letter.fields)
    email = EmailMultiAlternatives(
        subject=mail.subject,
        body=mail.text,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[letter.message.address],
        headers={**message_headers(letter.message), **mail.headers},
        connection=connection,
    )
    email.attach_alternative(mail.html, "text/html")
    email.attach_alternative(mail.calendar.decode(), f"text/calendar; method={mail.method}")
    return email


def building(number: int = 300) -> dict[str, float]:
    """Microseconds per mail, by turns: from the stencil, and rendered and built by Django."""
    queue_invitations(number)
    ready = letters(number)
    compose = KINDS["invitation"].compose
    for letter in ready:
        made(letter)
    ours = django = 0.0
    for letter in ready:
        start = time.perf_counter()
        made(letter)
        between = time.perf_counter()
        build(letter.message, compose(letter, letter.fields))
        django += time.perf_counter() - between
        ours += between - start
    return {"ours": ours / number * 1e6, "django": django / number * 1e6}


def by_itself(number: int) -> float:
    """Messages a second of Kwartet's delivery in this process."""
    queue_invitations(number)
    start = time.perf_counter()
    while delivery.deliver(seconds=600):
        continue
    return number / (time.perf_counter() - start)


def connection_each(number: int) -> float:
    """Messages a second, finished beforehand, on a connection each."""
    queue_invitations(number)
    ready = [(letter.message.address, made(letter)) for letter in letters(number)]
    start = time.perf_counter()
    for address, raw in ready:
        with smtplib.SMTP(settings.EMAIL_HOST, settings.EMAIL_PORT) as smtp:
            smtp.sendmail(sender_address(), [address], raw)
    return number / (time.perf_counter() - start)


def send_without_marks() -> None:
    """Kwartet's delivery without its guarantees: nothing is noted before a message goes out, and what went
    out is noted a batch at a time.
    """
    went: list[UUID] = []

    def start(
        self: Marks,
        token: UUID,
        take: Take,
        *,
        sent: Sequence[Sent],
        now: datetime,
        until: datetime,
    ) -> None:
        went.extend(one.key for one in sent)
        self._answer = set(take)

    def give_back(self: Batch) -> None:
        original(self)
        rows = Message.objects.filter(pk__in=went)
        rows.update(state="handing_over")
        rows.update(state="sent", sent_at=timezone.now(), claim=None, lease_until=None)
        went.clear()

    original = Batch._give_back
    Marks.start = start  # type: ignore[method-assign]
    Marks.finish = lambda self: self._answer  # type: ignore[method-assign]
    Batch._give_back = give_back  # type: ignore[method-assign]
    for name in ("open", "note", "close"):
        setattr(Journal, name, lambda *_args: None)
