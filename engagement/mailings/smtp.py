"""One kept connection to the mail server, and telling apart what handing a message over led to.

With PIPELINING (RFC 2920) the end of one message, and sender, recipient and DATA of the next, travel
together: one round trip a message. A text counts once its final dot is sent, and not before.
"""

import smtplib
import socket
import ssl
import time
from dataclasses import dataclass
from enum import Enum

from django.conf import settings

# What a server says to whoever is not logged in, or not by the right means (RFC 4954 section 6, RFC 3207
# section 4): it is about the settings and not about the message, which waits until they are right.
_ABOUT_LOGIN = {530, 534, 535, 538}
# After this a server may have hung up (RFC 5321 section 4.5.3.2.7 asks for five minutes, many give less).
_IDLE_SECONDS = 20


class Outcome(Enum):
    SENT = "sent"
    DEFERRED = "deferred"  # the server said 4xx, or could not be reached: certainly not delivered
    REFUSED = "refused"  # the server said 5xx
    UNCERTAIN = "uncertain"  # the line broke after the final dot went out and before the answer came


@dataclass(frozen=True)
class Handover:
    outcome: Outcome
    reply: str = ""
    # False when the line is gone, so that the rest of the batch can wait as well.
    line_open: bool = True


class Line:
    """One SMTP connection (RFC 5321), opened when first needed and kept until it breaks.

    Per message: begin(), ready(), text(), finish(), answer(). begin() of the next one comes before
    finish(), so that both travel together; it may also come later.
    """

    def __init__(self) -> None:
        self._smtp: smtplib.SMTP | None = None
        self._used = 0.0
        # The envelope that waits to be sent, and whether one was sent whose answers are not read yet.
        self._envelope: list[bytes] = []
        self._sent_ahead = False

    def __enter__(self) -> "Line":
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        """Hang up without a word: a text whose final dot was not sent is thrown away by the server."""
        if self._smtp is not None:
            self._smtp.close()
        self._smtp, self._sent_ahead = None, False

    def begin(self, sender: str, recipient: str) -> None:
        """Name the next message; nothing is sent yet."""
        self._envelope = [b"MAIL FROM:<%b>" % sender.encode(), b"RCPT TO:<%b>" % recipient.encode(), b"DATA"]

    def ready(self) -> Handover | None:
        """Whether the server will take the text of the message begun: None for yes, else why not."""
        try:
            smtp = self._open()
            answers = self._sent_answers(smtp) if self._sent_ahead else self._ask(smtp)
            self._used = time.monotonic()
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            return Handover(Outcome.DEFERRED, _words(error), line_open=False)
        return self._judge(smtp, answers)

    def text(self, raw: bytes) -> None:
        """Send a whole mail (CRLF lines) but for the final dot; OSError when the line breaks."""
        self._socket().sendall(_dot_stuffed(raw))

    def finish(self) -> None:
        """Send the final dot, and with it what was begun meanwhile. From here on the text counts."""
        ahead = bool(self._envelope) and self._pipelines()
        words = b"".join(word + b"\r\n" for word in self._envelope) if ahead else b""
        self._sent_ahead = ahead
        self._socket().sendall(b".\r\n" + words)

    def answer(self) -> Handover:
        """What the server says of the text; never raises."""
        try:
            code, reply = self._open().getreply()
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            return Handover(Outcome.UNCERTAIN, _words(error), line_open=False)
        self._used = time.monotonic()
        return Handover(Outcome.SENT, _text(reply)) if code == 250 else self._said_no(code, reply)

    def _open(self) -> smtplib.SMTP:
        """The open connection; raises OSError or SMTPException when there is none to be had."""
        if self._smtp is not None and not self._sent_ahead and self._is_dead():
            self.close()
        if self._smtp is None:
            self._smtp, self._sent_ahead = _connect(), False
            self._used = time.monotonic()
        return self._smtp

    def _is_dead(self) -> bool:
        """Ask before using a connection that has idled: a server may have hung up meanwhile."""
        if self._smtp is None or time.monotonic() - self._used < _IDLE_SECONDS:
            return False
        try:
            return self._smtp.noop()[0] != 250
        except (OSError, smtplib.SMTPException):
            return True

    def _socket(self) -> ssl.SSLSocket:
        if self._smtp is None or self._smtp.sock is None:
            raise OSError("not connected")
        return self._smtp.sock  # type: ignore[return-value]  # a plain socket has the same methods

    def _pipelines(self) -> bool:
        return self._smtp is not None and self._smtp.has_extn("pipelining")

    def _ask(self, smtp: smtplib.SMTP) -> list[tuple[int, bytes]]:
        """Send the envelope, together where the server takes that, else word by word up to a "no"."""
        if self._pipelines():
            self._socket().sendall(b"".join(word + b"\r\n" for word in self._envelope))
            return self._sent_answers(smtp)
        answers = []
        for word in self._envelope:
            answers.append(smtp.docmd(word.decode()))
            if answers[-1][0] >= 400:
                break
        return answers

    def _sent_answers(self, smtp: smtplib.SMTP) -> list[tuple[int, bytes]]:
        self._sent_ahead = False
        return [smtp.getreply() for _word in self._envelope]

    def _judge(self, smtp: smtplib.SMTP, answers: list[tuple[int, bytes]]) -> Handover | None:
        self._envelope = []
        refused = next((answer for answer in answers if answer[0] >= 400), None)
        if refused is None and answers[-1][0] == 354:
            return None
        try:
            if answers[-1][0] == 354:  # it waits for a text for nobody (RFC 2920 section 3.1)
                smtp.docmd(".")
            smtp.rset()
        except (OSError, smtplib.SMTPException):
            self.close()
        code, reply = refused or answers[-1]
        return self._said_no(code, reply)

    def _said_no(self, code: int, reply: bytes) -> Handover:
        refused = 500 <= code < 600 and code not in _ABOUT_LOGIN
        outcome = Outcome.REFUSED if refused else Outcome.DEFERRED
        # 421: "service not available, closing transmission channel" (RFC 5321 section 4.2.2).
        if code == 421:
            self.close()
        return Handover(outcome, f"{code} {_text(reply)}"[:300], line_open=self._smtp is not None)


def _connect() -> smtplib.SMTP:
    smtp: smtplib.SMTP
    if settings.EMAIL_USE_SSL:
        smtp = smtplib.SMTP_SSL(
            settings.EMAIL_HOST,
            settings.EMAIL_PORT,
            timeout=settings.EMAIL_TIMEOUT,
            context=ssl.create_default_context(),
        )
    else:
        smtp = smtplib.SMTP(settings.EMAIL_HOST, settings.EMAIL_PORT, timeout=settings.EMAIL_TIMEOUT)
    try:
        _without_delay(smtp)
        if settings.EMAIL_USE_TLS:
            smtp.starttls(context=ssl.create_default_context())
        smtp.ehlo_or_helo_if_needed()
        if settings.EMAIL_HOST_USER:
            _log_in(smtp)
    except (OSError, smtplib.SMTPException):
        smtp.close()
        raise
    return smtp


def _log_in(smtp: smtplib.SMTP) -> None:
    try:
        smtp.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)
    except UnicodeError as error:
        raise smtplib.SMTPException("name or password have characters outside ASCII") from error


def _without_delay(smtp: smtplib.SMTP) -> None:
    """The final dot is a small packet behind a large one; held back (RFC 896) it costs 40 ms."""
    if smtp.sock is not None:
        smtp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def _dot_stuffed(raw: bytes) -> bytes:
    """RFC 5321 section 4.5.2: a leading dot is doubled, and the text ends with CRLF."""
    body = raw.replace(b"\r\n.", b"\r\n..")
    if body.startswith(b"."):
        body = b"." + body
    return body if body.endswith(b"\r\n") else body + b"\r\n"


def _text(reply: bytes) -> str:
    return reply.decode("utf-8", "replace").replace("\n", " ")


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:300]
