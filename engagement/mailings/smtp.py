"""Handing one message to the mail server, and telling apart what that led to."""

import smtplib
import ssl
from dataclasses import dataclass
from enum import Enum

from django.conf import settings


class Outcome(Enum):
    SENT = "sent"
    DEFERRED = "deferred"  # the server said 4xx, or could not be reached: certainly not delivered
    REFUSED = "refused"  # the server said 5xx
    UNCERTAIN = "uncertain"  # the line broke after the text went out and before the answer came


@dataclass(frozen=True)
class Handover:
    outcome: Outcome
    reply: str = ""
    # False when the line is gone, so that the rest of the batch can wait as well.
    line_open: bool = True


class Line:
    """One SMTP connection (RFC 5321), opened when first needed and kept until it breaks."""

    def __init__(self) -> None:
        self._smtp: smtplib.SMTP | None = None

    def __enter__(self) -> "Line":
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        if self._smtp is not None:
            self._smtp.close()
            self._smtp = None

    def open(self) -> smtplib.SMTP:
        """The open connection; raises OSError or SMTPException when there is none to be had."""
        if self._smtp is None:
            self._smtp = _connect()
        return self._smtp

    def hand_over(self, sender: str, recipient: str, raw: bytes) -> Handover:
        """Send `raw` (CRLF lines) from `sender` to `recipient`; never raises for what the server does."""
        try:
            smtp = self.open()
            for code, reply in (smtp.mail(sender), smtp.rcpt(recipient)):
                if code >= 400:
                    smtp.rset()
                    return _said_no(code, reply)
            code, reply = smtp.docmd("DATA")
            if code != 354:
                smtp.rset()
                return _said_no(code, reply)
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            return Handover(Outcome.DEFERRED, _words(error), line_open=False)
        return self._hand_over_text(smtp, raw)

    def _hand_over_text(self, smtp: smtplib.SMTP, raw: bytes) -> Handover:
        try:
            smtp.send(_dot_stuffed(raw))
            code, reply = smtp.getreply()
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            return Handover(Outcome.UNCERTAIN, _words(error), line_open=False)
        return Handover(Outcome.SENT, _text(reply)) if code == 250 else _said_no(code, reply)


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
        if settings.EMAIL_USE_TLS:
            smtp.starttls(context=ssl.create_default_context())
        smtp.ehlo_or_helo_if_needed()
        if settings.EMAIL_HOST_USER:
            smtp.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)
    except (OSError, smtplib.SMTPException):
        smtp.close()
        raise
    return smtp


def _said_no(code: int, reply: bytes) -> Handover:
    outcome = Outcome.REFUSED if 500 <= code < 600 else Outcome.DEFERRED
    # 421: "service not available, closing transmission channel" (RFC 5321 section 4.2.2).
    return Handover(outcome, f"{code} {_text(reply)}"[:300], line_open=code != 421)


def _dot_stuffed(raw: bytes) -> bytes:
    """RFC 5321 section 4.5.2: a leading dot is doubled, and the text ends with CRLF.CRLF."""
    body = raw.replace(b"\r\n.", b"\r\n..")
    if body.startswith(b"."):
        body = b"." + body
    return body + (b"" if body.endswith(b"\r\n") else b"\r\n") + b".\r\n"


def _text(reply: bytes) -> str:
    return reply.decode("utf-8", "replace").replace("\n", " ")


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:300]
