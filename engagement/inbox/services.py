"""What follows from an incoming mail. Only one that is about a message of ours to that address does anything.

A bounce is easily forged. It counts when it came in for the address that only this message's envelope had, or
quotes the message's own id, which nobody can guess; and then for the address of that message alone.
"""

import hashlib
import logging
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from email import message_from_bytes

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from crm.base.happenings import Happening, tell
from crm.base.happenings import Kind as EntryKind
from crm.base.tracking import acting, save_if_changed
from crm.contacts.models import ContactPoint
from crm.preferences.models import Source
from crm.preferences.services import record_consent
from engagement.inbox.classifying import classify
from engagement.inbox.happenings import BOUNCED, COMPLAINED, FAILING
from engagement.inbox.models import IncomingMail
from engagement.inbox.verdict import ABOUT_US, Effect, Failure, Kind, Verdict
from engagement.mailings.mime import envelope_address
from engagement.mailings.models import Message
from engagement.mailings.verp import message_of

logger = logging.getLogger(__name__)

State = Message.State
# Its bounce can be here before the worker has noted that it was sent.
_STILL_GOING = (State.CLAIMED, State.HANDING_OVER)
_WENT_OUT = (State.SENT, State.BOUNCED, State.UNCERTAIN)
_SAME_EVERYWHERE = ("Message-ID", "Date", "From", "Subject")


class TooEarly(Exception):
    """The message it is about is being sent at this very moment; bring it again in a minute."""


def receive(*, raw: bytes, recipient: str = "", now: datetime | None = None) -> IncomingMail:
    """Note what came in and do what follows; the same mail a second time does nothing. Raises TooEarly."""
    verdict = _verdict(raw, recipient)
    moment = now or timezone.now()
    with transaction.atomic(), acting(None):
        message = _message(verdict)
        if message and message.state in _STILL_GOING:
            raise TooEarly
        failure = _failure_of(verdict, message)
        told = failure or verdict
        mail, new = IncomingMail.objects.get_or_create(
            digest=_digest(raw),
            defaults={
                "kind": told.kind.value,
                "why": told.why.value,
                "code": (failure.status or failure.reply if failure else verdict.code)[:11],
                "message": message,
                "at": moment,
            },
        )
        if new and message:
            mail.effect = _act(verdict, failure, message, moment).value
            mail.save(update_fields=["effect"])
            _after_counting(mail, message, moment)
    return mail


def _verdict(raw: bytes, recipient: str) -> Verdict:
    try:
        return classify(raw, recipient=recipient)
    except Exception:
        # One mail that cannot be read must not stop those behind it; it is left for a person.
        logger.exception("An incoming mail of %d bytes could not be read", len(raw))
        return Verdict(Kind.NONE)


def _digest(raw: bytes) -> str:
    """Without what each mail server on the way adds."""
    lines = raw.replace(b"\r\n", b"\n")
    headers = message_from_bytes(lines.partition(b"\n\n")[0] + b"\n\n")
    told = "\0".join(str(headers.get(name, "")) for name in _SAME_EVERYWHERE)
    body = lines.partition(b"\n\n")[2].rstrip()
    return hashlib.sha256(told.encode("utf-8", "replace") + b"\0" + body).hexdigest()


def _message(verdict: Verdict) -> Message | None:
    """The message of ours that it is about, locked; None when it names none."""
    ids = [message_of(verdict.verp), *map(_id_in, verdict.message_ids)]
    known = [found for found in ids if found]
    states = [*_WENT_OUT, *_STILL_GOING]
    messages = Message.objects.select_for_update(of=("self",)).select_related("contact")
    found = {message.pk: message for message in messages.filter(pk__in=known, state__in=states)}
    return next((found[pk] for pk in known if pk in found), None)


def _id_in(message_id: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(message_id.strip("<>").partition("@")[0])
    except ValueError:
        return None


def _failure_of(verdict: Verdict, message: Message | None) -> Failure | None:
    """What the mail tells of the address of `message`; what it tells of others is none of our business."""
    if message is None:
        return None
    return next((one for one in verdict.failures if _is_about(one.addresses, message)), None)


def _is_about(addresses: tuple[str, ...], message: Message) -> bool:
    """Where nobody is named, the message alone says who it was."""
    ours = {message.address.lower(), envelope_address(message.address).lower()}
    return not addresses or bool(ours & set(addresses))


def _act(verdict: Verdict, failure: Failure | None, message: Message, now: datetime) -> Effect:
    if verdict.effect is Effect.OPT_OUT and _is_about(verdict.reported, message):
        _opt_out(message, now)
        return Effect.OPT_OUT
    if failure is None:
        return Effect.NOTHING
    if failure.kind is Kind.HARD:
        _suspend(message, now, BOUNCED)
        return Effect.SUSPEND
    return Effect.NOTHING if failure.why in ABOUT_US else Effect.COUNT


def _suspend(message: Message, now: datetime, kind: EntryKind) -> None:
    """Nobody is mailed at this address any more, until somebody puts it right."""
    _mark(message, ContactPoint.State.BOUNCED, now, kind)
    gone = Message.objects.filter(pk=message.pk, state__in=[State.SENT, State.UNCERTAIN])
    gone.update(state=State.BOUNCED, sent_at=message.sent_at or now)


def _opt_out(message: Message, now: datetime) -> None:
    """The person said "unwanted" about this purpose; and is left in peace at this address altogether."""
    record_consent(
        contact=message.contact,
        purpose=message.purpose,
        allowed=False,
        source=Source.COMPLAINT,
        source_detail=str(message.pk),
        at=now,
    )
    _mark(message, ContactPoint.State.COMPLAINED, now, COMPLAINED)


def _mark(message: Message, state: ContactPoint.State, now: datetime, kind: EntryKind) -> None:
    """Everybody who shares the address; a complaint outweighs a bounce, never the other way round."""
    points = ContactPoint.objects.select_for_update(of=("self",)).order_by("pk")
    for point in points.filter(kind=ContactPoint.Kind.EMAIL, value=message.address.lower()):
        if point.state != ContactPoint.State.COMPLAINED and save_if_changed(point, state=state):
            tell(Happening(kind, [point.contact_id], words={"address": point.value}, at=now))


def _after_counting(mail: IncomingMail, message: Message, now: datetime) -> None:
    """Suspend an address from which mail came back on several days while nothing got through."""
    if mail.effect != IncomingMail.Effect.COUNT:
        return
    earliest = now - timedelta(days=settings.SOFT_BOUNCE_WINDOW)
    since = max([earliest, *_successes(message.address_digest, now)])
    counted = IncomingMail.objects.about_address(message.address_digest).counted_since(since)
    days = {timezone.localdate(at) for at in counted.values_list("at", flat=True)}
    if len(days) >= settings.SOFT_BOUNCE_DAYS:
        _suspend(message, now, FAILING)
        mail.effect = IncomingMail.Effect.SUSPEND
        mail.save(update_fields=["effect"])


def _successes(digest: str, now: datetime) -> list[datetime]:
    """When mail last got through: none came back of it for days, or it was answered by a machine."""
    quiet = now - timedelta(days=settings.SOFT_BOUNCE_GRACE)
    silent = Message.objects.filter(address_digest=digest, state=State.SENT, sent_at__lte=quiet)
    arrived = silent.exclude(incoming_mails__kind__in=[Kind.HARD, Kind.SOFT]).aggregate(Max("sent_at"))
    answers = IncomingMail.objects.about_address(digest).filter(kind=Kind.AUTO_REPLY).aggregate(Max("at"))
    moments = [arrived["sent_at__max"], answers["at__max"]]
    return [moment for moment in moments if moment]


def receive_all(read: Callable[[Callable[[bytes], bool]], int]) -> int:
    """Let `read` bring each new mail of a mailbox; it is told whether a person should look at it."""

    def bring(raw: bytes) -> bool:
        return receive(raw=raw).kind == IncomingMail.Kind.NONE

    return read(bring)
