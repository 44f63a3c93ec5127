"""From a Mail to the bytes that go over the line."""

import re
import time
from email.utils import formatdate, parseaddr
from functools import lru_cache

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.message import sanitize_address

from engagement.mailings.kinds import Mail
from engagement.mailings.models import Message

_PLAIN_ADDRESS = re.compile(r"[\w.+=-]+@[A-Za-z0-9.-]+", re.ASCII)

_LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_TAKEN = re.compile(rf"[^@]{{1,64}}@{_LABEL}(?:\.{_LABEL})*")


@lru_cache(maxsize=4)
def _parsed(address: str) -> str:
    return parseaddr(address)[1]


def sender_address() -> str:
    return _parsed(settings.DEFAULT_FROM_EMAIL)


def envelope_address(address: str) -> str:
    """`address` as the envelope carries it: an international domain in its ASCII form (RFC 5890).

    Raises UnicodeError for a local part outside ASCII, which needs SMTPUTF8 along the whole way, and
    ValueError for anything that would be more than an address to the mail server.
    """
    if _PLAIN_ADDRESS.fullmatch(address):
        return address
    if re.search(r"[\s<>\x00-\x1f\x7f]", address):
        raise ValueError(address)
    local, _, domain = address.rpartition("@")
    local.encode("ascii")
    return f"{local}@{domain.encode('idna').decode()}"


def is_usable(address: str) -> bool:
    """Whether a mail to it can be made, and its length and domain are such that servers take them
    (RFC 5321 section 4.5.3.1, RFC 1035 section 2.3.1).
    """
    try:
        to_header(address)
        return len(address) <= 254 and bool(_TAKEN.fullmatch(envelope_address(address)))
    except ValueError:  # UnicodeError is one
        return False


def to_header(address: str) -> str:
    return address if _PLAIN_ADDRESS.fullmatch(address) else str(sanitize_address(address, "utf-8"))


def message_id(message: Message) -> str:
    """Derived from the row, so that the same message has the same Message-ID whenever it is sent."""
    return f"<{message.pk}@{sender_address().rpartition('@')[2]}>"


@lru_cache(maxsize=2)
def _date(second: int) -> str:
    return formatdate(second, localtime=True)


def message_headers(message: Message) -> dict[str, str]:
    """The headers that every mail has."""
    return {
        "Message-ID": message_id(message),
        "Date": _date(int(time.time())),
        "Auto-Submitted": "auto-generated",  # RFC 3834 section 5
        "X-Auto-Response-Suppress": "OOF, AutoReply",  # what Exchange listens to instead
    }


def build(message: Message, mail: Mail) -> bytes:
    """The whole mail with CRLF line ends; errors as in email_of()."""
    return email_of(message, mail).message().as_bytes(linesep="\r\n")  # type: ignore[call-arg]


def email_of(message: Message, mail: Mail) -> EmailMultiAlternatives:
    """Text, html and calendar as alternatives (RFC 6047 section 2.4).

    Raises UnicodeError and ValueError for an address that cannot be sent to; that a line break in a header is
    refused shows when it is made.
    """
    envelope_address(message.address)
    email = EmailMultiAlternatives(
        subject=mail.subject,
        body=mail.text,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[message.address],
        headers={**message_headers(message), **mail.headers},
    )
    email.attach_alternative(mail.html, "text/html")
    if mail.calendar:
        email.attach_alternative(mail.calendar.decode(), f"text/calendar; method={mail.method}")
    return email
