"""From the outbox to the mail server: nothing lost, nothing twice.

Every change of a held row is fenced by the claim's token, so a worker whose lease has ended changes
nothing any more. Between the final dot and the answer of the server a process may die; only that one row
becomes uncertain. No network call happens inside a transaction.
"""

import logging
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.doorbell import ring
from crm.preferences.models import Suppression
from crm.preferences.rules import may_receive
from engagement.mailings import throttle
from engagement.mailings.kinds import KINDS, Letter
from engagement.mailings.making import made
from engagement.mailings.marks import Marks, Sent
from engagement.mailings.mime import envelope_address
from engagement.mailings.models import Mailing, Message, MessageQuerySet, Reason
from engagement.mailings.services import note_sent, pause, refusals
from engagement.mailings.smtp import Handover, Line, Outcome
from engagement.mailings.verp import verp_sender

logger = logging.getLogger(__name__)

State = Message.State
# Minutes until the next try after the first, second … 4xx answer; the last one repeats.
BACKOFF = [1, 5, 15, 60, 240]
MAX_ATTEMPTS = 12
# A mailing that is refused this often, and for this share, waits for a person.
MANY_REFUSALS, REFUSED_SHARE = 20, 0.3
_NEXT_LOOK = 0.5  # seconds until the next try to reach a database that is away


def deliver(*, seconds: float = 20) -> int:
    """Send what is due for about `seconds`, then ring for the rest; return how many were handed over.

    The slices are short so that one worker process also gets to imports and its heartbeat in between.
    """
    until = time.monotonic() + seconds
    handed_over = 0
    with Line() as line, Marks() as marks:
        while True:
            batch = Batch(line, marks)
            if len(batch.messages) == settings.OUTBOX_BATCH and not handed_over:
                ring("tasks.outbox.deliver")  # there is work for another worker
            handed_over += batch.send()
            if not batch.messages or not batch.line_open:
                break
            if time.monotonic() > until:
                ring("tasks.outbox.deliver")
                break
    return handed_over


def recover(*, now: datetime | None = None) -> int:
    """Give back what dead workers held, show what they were handing over, tell of what they sent, end what
    is too late. Return how many messages are due.
    """
    moment = now or timezone.now()
    ended = Message.objects.lease_ended(moment)
    ended.filter(state=State.CLAIMED).update(state=State.QUEUED, claim=None, lease_until=None)
    ended.filter(state=State.HANDING_OVER).update(state=State.UNCERTAIN, claim=None, lease_until=None)
    left = Message.objects.unnoted().filter(sent_at__lt=moment - timedelta(seconds=settings.OUTBOX_LEASE))
    note_sent(list(left.values_list("pk", flat=True)[:1000]))
    Message.objects.overdue(moment).update(state=State.MISSED)
    return Message.objects.due(moment).count()


class Batch:
    """A few messages claimed by this process for the length of a lease."""

    def __init__(self, line: Line, marks: Marks) -> None:
        self.line = line
        self.marks = marks
        self.line_open = True
        self.token = uuid.uuid4()
        self._last: Sent | None = None
        # The one whose mark was asked for when the database broke: its dot never went out.
        self._unmarked: uuid.UUID | None = None
        self._sent: list[uuid.UUID] = []
        self._trouble: set[int] = set()
        self._renewed = time.monotonic()
        self.messages = self._claim()

    def _claim(self) -> list[Message]:
        with transaction.atomic():
            now = timezone.now()
            allowed = throttle.allowance(now, settings.OUTBOX_BATCH)
            if not allowed.total:
                return []
            # SKIP LOCKED shares the outbox among workers on PostgreSQL; SQLite has one writer anyway.
            due = Message.objects.select_for_update(skip_locked=True, of=("self",)).due(now)
            found = throttle.sendable(due, now, allowed).values_list("pk", "domain")
            rows = list(found[: settings.OUTBOX_BATCH])
            ids = allowed.admitted(rows)
            throttle.spend([domain for key, domain in rows if key in set(ids)])
            Message.objects.filter(pk__in=ids).update(
                state=State.CLAIMED, claim=self.token, lease_until=self._lease(now)
            )
        claimed = Message.objects.filter(claim=self.token).select_related("contact")
        return sorted(claimed, key=lambda row: (row.due_at, row.pk))

    def _lease(self, now: datetime) -> datetime:
        return now + timedelta(seconds=settings.OUTBOX_LEASE)

    def _held(self, message: Message, state: State) -> MessageQuerySet:
        """The row of `message` as long as this batch holds it in `state`: the fence."""
        held = Message.objects.filter(pk=message.pk, claim=self.token, state=state)
        return held.filter(lease_until__gt=timezone.now())

    def send(self) -> int:
        """Hand over the messages one by one; give back those that were not reached."""
        if not self.messages:
            return 0
        try:
            letters = self._ready()
            upcoming = next(letters, None)
            while upcoming is not None and self.line_open:
                upcoming = self._hand_over(upcoming, letters)
        finally:
            _persistently(self._give_back)
        return len(self._sent)

    def _ready(self) -> Iterator[tuple[Message, bytes]]:
        """The messages that make sense, each with its mail, made just before it is needed."""
        for letter in self._letters():
            message = letter.message
            if letter.objection:
                self._end(message, State.SKIPPED, reason=letter.objection)
            elif letter.problem:
                self._cannot(message, letter.problem)
            else:
                try:
                    yield message, self._begun(letter)
                except Exception as error:
                    # One that cannot be made must not stop the others; a person sees it among the refused.
                    logger.exception("Message %s could not be made", message.pk)
                    self._cannot(message, type(error).__name__)

    def _letters(self) -> list[Letter]:
        by_kind: dict[str, list[Message]] = {}
        for message in self.messages:
            by_kind.setdefault(message.kind, []).append(message)
        letters = {
            letter.message.pk: letter
            for kind, messages in by_kind.items()
            for letter in self._letters_of(kind, messages)
        }
        return [letters[message.pk] for message in self.messages if message.pk in letters]

    def _letters_of(self, kind: str, messages: Sequence[Message]) -> list[Letter]:
        try:
            return KINDS[kind].letters(messages)
        except Exception as error:
            logger.exception("Messages of kind %s could not be made", kind)
            return [Letter(message, problem=type(error).__name__) for message in messages]

    def _begun(self, letter: Letter) -> bytes:
        raw = made(letter)
        self.line.begin(verp_sender(letter.message), envelope_address(letter.message.address))
        return raw

    def _cannot(self, message: Message, problem: str) -> None:
        self._end(message, State.REFUSED, reason=Reason.CANNOT_BE_MADE, reply=problem)

    def _hand_over(
        self, ready: tuple[Message, bytes], letters: Iterator[tuple[Message, bytes]]
    ) -> tuple[Message, bytes] | None:
        """One message, from its envelope to the answer; the next one is made while this one travels."""
        message, raw = ready
        self._renew()
        if refusal := self.line.ready():
            self._settle(message, refusal, State.CLAIMED)
            return next(letters, None) if self.line_open else None
        deadline = time.monotonic() + settings.OUTBOX_LEASE
        now = timezone.now()
        with self._database_or_nothing(message):
            self.marks.start(self.token, message.pk, sent=self._last, now=now, until=self._lease(now))
            problem = self._travel(raw)
            upcoming = next(letters, None)
            taken = self.marks.finish()
        self._last = None
        if not taken or problem or time.monotonic() > deadline:
            return self._break_off(message, taken, problem, upcoming)
        return upcoming if self._finish(message) else None

    def _travel(self, raw: bytes) -> str:
        """Send the text but for its final dot; what went wrong, "" for nothing."""
        try:
            self.line.text(raw)
        except OSError as error:
            return f"{type(error).__name__}: {error}"[:300]
        return ""

    @contextmanager
    def _database_or_nothing(self, message: Message) -> Iterator[None]:
        """When the database does not say that a message may go out, its text never gets its final dot."""
        try:
            yield
        except DatabaseError:
            self.line.close()
            self.line_open = False
            self.marks.close()
            self._unmarked = message.pk
            raise

    def _break_off(
        self, message: Message, taken: bool, problem: str, upcoming: tuple[Message, bytes] | None
    ) -> tuple[Message, bytes] | None:
        """The text travelled, but its dot may not: hang up, and go on with the next on a new line."""
        self.line.close()
        if not taken:
            # Losing the row to the sweeper is normal; otherwise one of the conditions of the mark holds.
            self._hold_back(message)
        else:
            result = Handover(Outcome.DEFERRED, problem or "the lease ended", line_open=not problem)
            self._settle(message, result, State.HANDING_OVER)
        return upcoming if self.line_open else None

    def _hold_back(self, message: Message) -> None:
        """It waits as long as its mailing is paused; any other "no" is for good."""
        if Mailing.objects.filter(messages=message, state=Mailing.State.PAUSED).exists():
            held = self._held(message, State.CLAIMED)
            held.update(state=State.QUEUED, claim=None, lease_until=None)
        else:
            self._end(message, State.SKIPPED, reason=_why_not(message))

    def _finish(self, message: Message) -> bool:
        try:
            self.line.finish()
            result = self.line.answer()
        except OSError as error:
            self.line.close()
            result = Handover(Outcome.UNCERTAIN, f"{type(error).__name__}: {error}", line_open=False)
        if result.outcome is Outcome.SENT:
            self._last = Sent(message.pk, result.reply)
            self._sent.append(message.pk)
        else:
            self._settle(message, result, State.HANDING_OVER)
        return self.line_open

    def _settle(self, message: Message, result: Handover, held: State) -> None:
        """Write down what the server answered instead of yes."""
        self.line_open = result.line_open
        if message.mailing_id and result.outcome is not Outcome.UNCERTAIN:
            self._trouble.add(message.mailing_id)
        if result.outcome is Outcome.DEFERRED:
            self._defer(message, result, held)
        else:
            self._end(message, State(result.outcome.value), reply=result.reply, held=held)

    def _defer(self, message: Message, result: Handover, held: State) -> None:
        attempts = message.attempts + 1
        if attempts >= MAX_ATTEMPTS:
            self._end(message, State.REFUSED, Reason.TRIED_TOO_OFTEN, reply=result.reply, held=held)
            return
        wait = timedelta(minutes=BACKOFF[min(attempts, len(BACKOFF)) - 1])
        self._held(message, held).update(
            state=State.DEFERRED,
            attempts=attempts,
            due_at=timezone.now() + wait,
            reply=result.reply,
            claim=None,
            lease_until=None,
        )

    def _end(
        self, message: Message, state: State, reason: str = "", reply: str = "", held: State = State.CLAIMED
    ) -> None:
        self._held(message, held).update(
            state=state, reason=reason, reply=reply[:300], claim=None, lease_until=None
        )

    def _renew(self) -> None:
        """A slow server must not use up the lease of the messages behind it."""
        if time.monotonic() - self._renewed > settings.OUTBOX_LEASE / 3:
            self._renewed = time.monotonic()
            waiting = Message.objects.filter(claim=self.token, state=State.CLAIMED)
            waiting.filter(lease_until__gt=timezone.now()).update(lease_until=self._lease(timezone.now()))

    def _note_last(self, last: Sent) -> None:
        """The server has accepted, and that is the truth to write down."""
        mine = Message.objects.filter(pk=last.key, claim=self.token, state=State.HANDING_OVER)
        mine.update(
            state=State.SENT,
            sent_at=timezone.now(),
            reply=last.reply[:300],
            claim=None,
            lease_until=None,
            reason="",
        )

    def _give_back(self) -> None:
        """What was sent is written down and told, what was not reached waits again."""
        if self._last is not None:
            self._note_last(self._last)
        if self._unmarked is not None:
            unsent = Message.objects.filter(pk=self._unmarked, claim=self.token, state=State.HANDING_OVER)
            unsent.update(state=State.DEFERRED, claim=None, lease_until=None)
        held = Message.objects.filter(claim=self.token, state=State.CLAIMED)
        held.update(state=State.QUEUED, claim=None, lease_until=None)
        note_sent(self._sent)
        for mailing in Mailing.objects.filter(pk__in=self._trouble, state=Mailing.State.SENDING):
            _pause_if_refused_often(mailing)


def _persistently(write: Callable[[], None]) -> None:
    """A database that restarts is away for some seconds: what the server took is not forgotten for that."""
    until = time.monotonic() + settings.OUTBOX_LEASE / 2
    while True:
        try:
            write()
            return
        except (OperationalError, InterfaceError):
            if time.monotonic() > until:
                raise
            connection.close()  # the next statement opens a new one
            time.sleep(_NEXT_LOOK)


def _pause_if_refused_often(mailing: Mailing) -> None:
    """The breaker: a server that refuses many is telling something to a person."""
    refused = refusals(mailing) - mailing.refusals_seen
    sent = mailing.messages.filter(state=State.SENT).count()
    if refused >= MANY_REFUSALS and refused >= REFUSED_SHARE * (refused + sent):
        words = _("The mail server refused %(refused)d of %(all)d messages.")
        pause(mailing=mailing, reason=words % {"refused": refused, "all": refused + sent})


def _why_not(message: Message) -> str:
    """Which of the conditions of the mark does not hold, told of what is certain first."""
    state = Mailing.objects.filter(messages=message).values_list("state", flat=True).first()
    if state not in (None, Mailing.State.SENDING):
        return Reason.STOPPED
    if Suppression.objects.filter(digest=message.address_digest).exists():
        return Reason.SUPPRESSED
    if message.contact.contact_points.dead().filter(value=message.address).exists():
        return Reason.BAD_ADDRESS
    if not may_receive(message.contact, message.purpose):
        return Reason.SAID_NO
    return KINDS[message.kind].letters([message])[0].objection or Reason.OUTDATED
