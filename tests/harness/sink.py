"""A real SMTP server inside the test: keeps every message it accepted, and fails where it is told to."""

import asyncio
import logging
import time
from collections import defaultdict, deque
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from threading import Lock

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session, syntax

from tests.harness.processes import free_port

logging.getLogger("mail.log").setLevel(logging.WARNING)  # aiosmtpd tells every line of SMTP
DROP_BEFORE_DOT = "drop before the final dot"
DROP_AFTER_DOT = "drop after the final dot"


@dataclass(frozen=True)
class Received:
    """One accepted message; `at` is seconds since the epoch."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes
    at: float

    @property
    def mail(self) -> EmailMessage:
        return message_from_bytes(self.raw, policy=policy.default)

    @property
    def message_id(self) -> str:
        return str(self.mail["Message-ID"])

    def text(self, kind: str = "text/plain") -> str:
        """The decoded text of the parts of this content type."""
        parts = [part for part in self.mail.walk() if part.get_content_type() == kind]
        return "".join(str(part.get_content()) for part in parts).replace("\r\n", "\n")


class RecordingSink:
    """`delay` is in seconds per message; what `fail` says happens the next `times` times for that address."""

    def __init__(self, *, delay: float = 0) -> None:
        self.pipelining = True
        self.delay = delay
        self.messages: list[Received] = []
        self._scripts: dict[str, deque[str]] = defaultdict(deque)
        self._lock = Lock()
        self.port = free_port()
        self._controller = _Controller(self, hostname="127.0.0.1", port=self.port)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def fail(self, address: str, how: str, *, times: int = 1) -> None:
        """`how` is an answer to RCPT such as "451 4.7.1 later" or "550 5.1.1 unknown", or one of the DROPs.

        Both drops leave the client without an answer; after DROP_AFTER_DOT the message was accepted.
        """
        with self._lock:
            self._scripts[address.lower()].extend([how] * times)

    def forget(self) -> None:
        """What came in, and what was to fail."""
        with self._lock:
            self.messages.clear()
            self._scripts.clear()

    def to(self, address: str) -> list[Received]:
        wanted = address.lower()
        return [one for one in self.messages if wanted in (to.lower() for to in one.recipients)]

    def take(self, address: str, *wanted: str) -> str:
        """The next scripted failure of `address` if it is one of `wanted` (all answers: "")."""
        with self._lock:
            script = self._scripts[address.lower()]
            if script and (script[0] in wanted or ("" in wanted and script[0][0].isdigit())):
                return script.popleft()
            return ""

    def keep(self, envelope: Envelope) -> None:
        received = Received(
            sender=envelope.mail_from or "",
            recipients=tuple(envelope.rcpt_tos),
            raw=envelope.original_content or b"",
            at=time.time(),
        )
        self.messages.append(received)

    def start(self) -> None:
        self._controller.start()

    def stop(self) -> None:
        self._controller.stop()

    def __enter__(self) -> "RecordingSink":
        self.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.stop()

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        """As real servers do, with RFC 2920, unless a test wants an old one."""
        session.host_name = hostname
        return [*responses[:-1], *(["250-PIPELINING"] if self.pipelining else []), responses[-1]]

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if answer := self.take(address, ""):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def before_text(self, envelope: Envelope) -> str:
        """What happens at DATA: "" for going on, DROP_BEFORE_DOT, or a "no"."""
        return next(filter(None, (self.take(to, DROP_BEFORE_DOT) for to in envelope.rcpt_tos)), "")

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        # Noted before the wait: a real server keeps what it has, also when the client dies meanwhile.
        self.keep(envelope)
        await asyncio.sleep(self.delay)
        if any(self.take(address, DROP_AFTER_DOT) for address in envelope.rcpt_tos):
            server.transport.abort()
        return "250 Accepted"


class _Server(SMTP):
    @syntax("DATA")
    async def smtp_DATA(self, arg: str) -> None:
        handler: RecordingSink = self.event_handler
        answer = await handler.before_text(self.envelope or Envelope())
        if answer == DROP_BEFORE_DOT:
            await self.push("354 Go on")
            self.transport.abort()
        elif answer:
            await self.push(answer)
        else:
            await super().smtp_DATA(arg)


class _Controller(Controller):
    def factory(self) -> SMTP:
        return _Server(self.handler, hostname="sink.example.org", enable_SMTPUTF8=True)
