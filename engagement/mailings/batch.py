"""A few messages claimed by this process, and handed over one by one.

Some messages ahead of the one that travels are marked as being handed over; a mark holds for a
moment only. Which of them got their final dot is in the journal, so that when the process dies only the one
without an answer becomes uncertain. No network call happens inside a transaction.
"""

import logging
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.utils import timezone

from engagement.mailings import editions
from engagement.mailings.claims import Claim
from engagement.mailings.journal import Journal, boot
from engagement.mailings.kinds import KINDS, Letter
from engagement.mailings.making import made
from engagement.mailings.marks import Marks, Sent
from engagement.mailings.mime import envelope_address
from engagement.mailings.models import Message, Reason
from engagement.mailings.smtp import Handover, Line, Outcome
from engagement.mailings.verp import verp_sender

logger = logging.getLogger(__name__)

State = Message.State
# How many messages are marked in one statement. Where no journal can be kept, one by one: then the mark alone
# says which message it is that a killed worker was handing over.
GROUP = 40 if boot() else 1
# Seconds for which a mark holds: whoever says no is not mailed later than this after it.
FRESH = 0.1
_NEXT_LOOK = 0.5  # seconds until the next try to reach a database that is away


@dataclass(frozen=True)
class Ready:
    """A message with its finished mail and envelope."""

    message: Message
    raw: bytes
    sender: str
    recipient: str


class Batch:
    """The messages of one claim, and how far this process is with them."""

    def __init__(self, line: Line, marks: Marks) -> None:
        self.line = line
        self.marks = marks
        self.line_open = True
        self.claim = Claim()
        self.messages = self.claim.messages
        self.journal = Journal(self.claim.token)
        self.sent: list[UUID] = []
        # Made, in the order in which they go out; the envelope of the first one may be with the server.
        self._queue: deque[Ready] = deque()
        self._begun: Ready | None = None
        # By message, what its mail says.
        self._editions: Mapping[UUID, int] = {}
        # Marked and not gone out, each with the moment of its mark; and those whose mark was only asked for,
        # with the number of accepted ones that the same statement settles.
        self._marked: dict[UUID, float] = {}
        self._asked: tuple[float, Sequence[UUID], int] | None = None
        # The server took these, and the database does not know yet.
        self._accepted: list[Sent] = []
        # Its final dot may be out, and this is what is known of it.
        self._open: tuple[Message, Handover] | None = None

    def send(self) -> int:
        """Hand over the messages one by one; give back those that were not reached."""
        if not self.messages:
            return 0
        try:
            self.journal.open()
            letters = self._ready()
            while self.line_open and self._filled(letters):
                self._hand_over(self._queue.popleft())
        finally:
            _persistently(self._give_back)
        return len(self.sent)

    # --- making ---------------------------------------------------------------------------------------

    def _ready(self) -> Iterator[Ready]:
        """The messages that make sense, each with its mail, made shortly before it is needed."""
        for letter in self._letters():
            message = letter.message
            if letter.objection:
                self.claim.end(message, State.SKIPPED, reason=letter.objection)
            elif letter.problem:
                self._cannot(message, letter.problem)
            else:
                try:
                    raw, recipient = made(letter), envelope_address(message.address)
                except Exception as error:
                    # One that cannot be made must not stop the others; a person sees it among the refused.
                    logger.exception("Message %s could not be made", message.pk)
                    self._cannot(message, type(error).__name__)
                else:
                    yield Ready(message, raw, verp_sender(message), recipient)

    def _letters(self) -> list[Letter]:
        by_kind: dict[str, list[Message]] = {}
        for message in self.messages:
            by_kind.setdefault(message.kind, []).append(message)
        letters = {
            letter.message.pk: letter
            for kind, messages in by_kind.items()
            for letter in self._letters_of(kind, messages)
        }
        self._editions = editions.kept(letters.values())
        return [letters[message.pk] for message in self.messages if message.pk in letters]

    def _letters_of(self, kind: str, messages: Sequence[Message]) -> list[Letter]:
        try:
            return KINDS[kind].letters(messages)
        except Exception as error:
            logger.exception("Messages of kind %s could not be made", kind)
            return [Letter(message, problem=type(error).__name__) for message in messages]

    def _cannot(self, message: Message, problem: str) -> None:
        self.claim.end(message, State.REFUSED, reason=Reason.CANNOT_BE_MADE, reply=problem)

    # --- marking --------------------------------------------------------------------------------------

    def _filled(self, letters: Iterator[Ready]) -> bool:
        """See to it that a group of messages is made and marked ahead; whether there is anything to send."""
        if len(self._queue) <= GROUP:
            self.claim.renew()
            more = list(islice(letters, GROUP))
            self._queue.extend(more)
            if more:
                self._ask([ready.message.pk for ready in more])
        return bool(self._queue)

    def _ask(self, keys: Sequence[UUID]) -> None:
        """Send marks on their way, and with them what is known of messages that went out."""
        self._collect()
        now, asked_at = timezone.now(), time.monotonic()
        with self._database_or_nothing():
            take = {key: self._editions.get(key) for key in keys}
            self.marks.start(
                self.claim.token, take, sent=self._accepted, now=now, until=self.claim.lease(now)
            )
        self._asked = asked_at, keys, len(self._accepted)

    def _collect(self) -> None:
        """Wait for the answer to the marks under way."""
        if self._asked is None:
            return
        asked_at, keys, settled = self._asked
        with self._database_or_nothing():
            taken = self.marks.finish()
        self._asked = None
        del self._accepted[:settled]
        for key in keys:
            self._marked.pop(key, None)
            if key in taken:
                self._marked[key] = asked_at

    @contextmanager
    def _database_or_nothing(self) -> Iterator[None]:
        """When the database does not say that a message may go out, its text never gets its final dot."""
        try:
            yield
        except DatabaseError:
            self._asked = None
            self._hang_up()
            self.marks.close()
            self.line_open = False
            raise

    def _may_go(self, ready: Ready) -> bool:
        """Whether its mark was given; waits for the answer."""
        key = ready.message.pk
        if self._asked and key in self._asked[1]:
            self._collect()
        return key in self._marked

    def _may_go_now(self, ready: Ready) -> bool:
        """Whether its mark holds at this very moment; asked for anew when it is too old.

        An answer that was very long on its way may tell of a row that somebody else has by now.
        """
        key = ready.message.pk
        if time.monotonic() - self._marked[key] >= FRESH:
            self._ask(list(self._marked))
            self._collect()
        return key in self._marked and time.monotonic() - self._marked[key] < settings.OUTBOX_LEASE / 2

    # --- handing over ---------------------------------------------------------------------------------

    def _hand_over(self, ready: Ready) -> None:
        """One message, from its envelope to the answer."""
        if not self._may_go(ready):
            if self._begun is ready:
                self._hang_up()
            self.claim.hold_back(ready.message)
            return
        if self._begun is not ready:
            self.line.begin(ready.sender, ready.recipient)
        self._begun = None
        if refusal := self.line.ready():
            self._settle(ready.message, refusal)
        elif problem := self._travel(ready.raw):
            self._hang_up()
            self._settle(ready.message, Handover(Outcome.DEFERRED, problem, line_open=False))
        else:
            self._end_text(ready)

    def _end_text(self, ready: Ready) -> None:
        """The final dot, if it may go out now, and with it the envelope of the next message."""
        following = self._queue[0] if self._queue and self._may_go(self._queue[0]) else None
        if not self._may_go_now(ready):
            self._hang_up()
            self.claim.hold_back(ready.message)
            return
        looked_at = time.monotonic()
        self.journal.note(ready.message.pk)
        if time.monotonic() - looked_at >= FRESH:  # this process was stopped for a while, here of all places
            self._hang_up()
            self._settle(ready.message, Handover(Outcome.DEFERRED, "the worker was held up"))
            return
        if following is not None and following.message.pk in self._marked:
            self._begun = following
            self.line.begin(following.sender, following.recipient)
        self._finish(ready.message)

    def _travel(self, raw: bytes) -> str:
        """Send the text but for its final dot; what went wrong, "" for nothing."""
        try:
            self.line.text(raw)
        except OSError as error:
            return f"{type(error).__name__}: {error}"[:300]
        return ""

    def _finish(self, message: Message) -> None:
        self._open = message, Handover(Outcome.UNCERTAIN, "the worker was ended", line_open=False)
        try:
            self.line.finish()
            result = self.line.answer()
        except OSError as error:
            self._hang_up()
            result = Handover(Outcome.UNCERTAIN, f"{type(error).__name__}: {error}", line_open=False)
        self._open = message, result
        self._note_answer()

    def _note_answer(self) -> None:
        """Remember a yes, write down anything else."""
        if self._open is None:
            return
        message, result = self._open
        if result.outcome is Outcome.SENT:
            self._accepted.append(Sent(message.pk, result.reply, timezone.now()))
            self.sent.append(message.pk)
        else:
            self._settle(message, result)
        self._marked.pop(message.pk, None)
        self._open = None

    def _hang_up(self) -> None:
        self.line.close()
        self._begun = None

    # --- writing down ---------------------------------------------------------------------------------

    def _settle(self, message: Message, result: Handover) -> None:
        self.line_open = result.line_open
        self.claim.settle(message, result)
        self._marked.pop(message.pk, None)

    def _give_back(self) -> None:
        """What was sent is written down, what was not reached waits again."""
        self._note_answer()
        self._asked = None
        if self._accepted:
            self._ask([])
            self._collect()
        if len(self.sent) < len(self.messages):
            self.claim.release()
        self.journal.close()


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
