"""From the outbox to the mail server: nothing lost, nothing twice.

Every change of a held row is fenced by the claim's token, so a worker whose lease has ended changes
nothing any more. Between "handing_over" and the answer of the server a process may die; only that one row
becomes uncertain. No network call happens inside a transaction.
"""

import logging
import time
import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from crm.doorbell import ring
from crm.preferences.models import ONLY_AFTER_A_YES, Channel, Preference, Suppression
from engagement.mailings.kinds import KINDS
from engagement.mailings.mime import build, envelope_address
from engagement.mailings.models import Mailing, Message, MessageQuerySet, Reason
from engagement.mailings.smtp import Handover, Line, Outcome
from engagement.mailings.verp import verp_sender

logger = logging.getLogger(__name__)

State = Message.State
# Minutes until the next try after the first, second … 4xx answer; the last one repeats.
BACKOFF = [1, 5, 15, 60, 240]
MAX_ATTEMPTS = 12


def deliver(*, seconds: float = 20) -> int:
    """Send what is due for about `seconds`, then ring for the rest; return how many were handed over.

    The slices are short so that one worker process also gets to imports and its heartbeat in between.
    """
    until = time.monotonic() + seconds
    handed_over = 0
    with Line() as line:
        while True:
            batch = Batch(line)
            handed_over += batch.send()
            if not batch.messages or not batch.line_open:
                break
            if time.monotonic() > until:
                ring("tasks.outbox.deliver")
                break
    return handed_over


def recover(*, now: datetime | None = None) -> int:
    """Give back what dead workers held, show what they were handing over, end what is too late.

    Return how many messages are due.
    """
    moment = now or timezone.now()
    ended = Message.objects.lease_ended(moment)
    ended.filter(state=State.CLAIMED).update(state=State.QUEUED, claim=None, lease_until=None)
    ended.filter(state=State.HANDING_OVER).update(state=State.UNCERTAIN, claim=None, lease_until=None)
    Message.objects.overdue(moment).update(state=State.MISSED)
    return Message.objects.due(moment).count()


class Batch:
    """A few messages claimed by this process for the length of a lease."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self.line_open = True
        self.token = uuid.uuid4()
        self.messages = self._claim()

    def _claim(self) -> list[Message]:
        with transaction.atomic():
            now = timezone.now()
            # SKIP LOCKED shares the outbox among workers on PostgreSQL; SQLite has one writer anyway.
            due = Message.objects.select_for_update(skip_locked=True, of=("self",)).due(now)
            ids = list(due.values_list("pk", flat=True)[: settings.OUTBOX_BATCH])
            Message.objects.filter(pk__in=ids).update(
                state=State.CLAIMED, claim=self.token, lease_until=self._lease(now)
            )
        rows = Message.objects.filter(pk__in=ids).select_related("contact", "mailing")
        return sorted(rows, key=lambda row: (row.due_at, row.pk))

    def _lease(self, now: datetime) -> datetime:
        return now + timedelta(seconds=settings.OUTBOX_LEASE)

    def _held(self, message: Message, state: State) -> MessageQuerySet:
        """The row of `message` as long as this batch holds it in `state`: the fence."""
        held = Message.objects.filter(pk=message.pk, claim=self.token, state=state)
        return held.filter(lease_until__gt=timezone.now())

    def send(self) -> int:
        """Hand over the messages one by one; give back those that were not reached."""
        handed_over = 0
        try:
            for message in self.messages:
                if not self.line_open:
                    break
                raw = self._made(message)
                if raw and self._take(message):
                    recipient = envelope_address(message.address)
                    result = self.line.hand_over(verp_sender(message), recipient, raw)
                    self.line_open = result.line_open
                    self._settle(message, result)
                    handed_over += result.outcome is Outcome.SENT
        finally:
            held = Message.objects.filter(claim=self.token, state=State.CLAIMED)
            held.update(state=State.QUEUED, claim=None, lease_until=None)
        return handed_over

    def _made(self, message: Message) -> bytes:
        """The finished mail, or b"" when it must not or cannot be sent, which is then recorded."""
        kind = KINDS[message.kind]
        try:
            objection = kind.objection(message)
            if objection:
                self._end(message, State.SKIPPED, reason=objection)
                return b""
            return build(message, kind.render(message))
        except Exception as error:
            # One message that cannot be made must not stop the others; a person sees it among the refused.
            logger.exception("Message %s could not be made", message.pk)
            words = f"{type(error).__name__}"
            self._end(message, State.REFUSED, reason=Reason.CANNOT_BE_MADE, reply=words)
            return b""

    def _take(self, message: Message) -> bool:
        """Say in the database that `message` goes out now, unless that became wrong this very moment."""
        allowed = self._held(message, State.CLAIMED).filter(
            ~Exists(_noes()), ~Exists(_suppressions()), ~Exists(_stopped())
        )
        if message.purpose in ONLY_AFTER_A_YES:
            allowed = allowed.filter(Exists(_answers().filter(allowed=True)))
        if allowed.update(state=State.HANDING_OVER, lease_until=self._lease(timezone.now())):
            return True
        # Losing the row to the sweeper is normal; otherwise one of the three conditions holds.
        self._end(message, State.SKIPPED, reason=_why_not(message))
        return False

    def _settle(self, message: Message, result: Handover) -> None:
        """Write down what the server answered."""
        if result.outcome is Outcome.SENT:
            self._note_sent(message, result.reply)
        elif result.outcome is Outcome.DEFERRED:
            self._defer(message, result)
        else:
            self._end(message, State(result.outcome.value), reply=result.reply, held=State.HANDING_OVER)

    @transaction.atomic
    def _note_sent(self, message: Message, reply: str) -> None:
        now = timezone.now()
        # Not fenced by the lease's end: the server has accepted, and that is the truth to write down.
        mine = Message.objects.filter(pk=message.pk, claim=self.token, state=State.HANDING_OVER)
        if mine.update(
            state=State.SENT, sent_at=now, reply=reply[:300], claim=None, lease_until=None, reason=""
        ):
            message.sent_at = now
            KINDS[message.kind].note_sent(message)

    def _defer(self, message: Message, result: Handover) -> None:
        attempts = message.attempts + 1
        if attempts >= MAX_ATTEMPTS:
            self._end(
                message, State.REFUSED, Reason.TRIED_TOO_OFTEN, reply=result.reply, held=State.HANDING_OVER
            )
            return
        wait = timedelta(minutes=BACKOFF[min(attempts, len(BACKOFF)) - 1])
        self._held(message, State.HANDING_OVER).update(
            state=State.DEFERRED,
            attempts=attempts,
            due_at=timezone.now() + wait,
            reply=result.reply,
            claim=None,
            lease_until=None,
        )

    def _end(
        self,
        message: Message,
        state: State,
        reason: str = "",
        reply: str = "",
        held: State = State.CLAIMED,
    ) -> None:
        self._held(message, held).update(
            state=state, reason=reason, reply=reply[:300], claim=None, lease_until=None
        )


def _answers() -> models.QuerySet[Preference]:
    return Preference.objects.filter(
        contact=OuterRef("contact"), purpose=OuterRef("purpose"), channel=Channel.EMAIL
    )


def _noes() -> models.QuerySet[Preference]:
    return _answers().filter(allowed=False)


def _suppressions() -> models.QuerySet[Suppression]:
    return Suppression.objects.filter(digest=OuterRef("address_digest"))


def _stopped() -> models.QuerySet[Mailing]:
    return Mailing.objects.filter(pk=OuterRef("mailing"), state=Mailing.State.STOPPED)


def _why_not(message: Message) -> Reason:
    if Mailing.objects.filter(messages=message, state=Mailing.State.STOPPED).exists():
        return Reason.STOPPED
    if Suppression.objects.filter(digest=message.address_digest).exists():
        return Reason.SUPPRESSED
    return Reason.SAID_NO
