"""From a Mail to the bytes that go over the line."""

from email.utils import formatdate, parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from engagement.mailings.kinds import Mail
from engagement.mailings.models import Message


def sender_address() -> str:
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1]


def envelope_address(address: str) -> str:
    """`address` as the envelope carries it: an international domain in its ASCII form (RFC 5890).

    Raises UnicodeError for a local part outside ASCII, which needs SMTPUTF8 along the whole way.
    """
    local, _, domain = address.rpartition("@")
    local.encode("ascii")
    return f"{local}@{domain.encode('idna').decode()}"


def message_id(message: Message) -> str:
    """Derived from the row, so that the same message has the same Message-ID whenever it is sent."""
    return f"<{message.pk}@{sender_address().rpartition('@')[2]}>"


def build(message: Message, mail: Mail) -> bytes:
    """The whole mail with CRLF line ends: text, html and calendar as alternatives (RFC 6047 section 2.4).

    Raises ValueError for a line break in a header and UnicodeError for an address that cannot be sent to.
    """
    envelope_address(message.address)
    headers = {
        "Message-ID": message_id(message),
        "Date": formatdate(localtime=True),
        "Auto-Submitted": "auto-generated",  # RFC 3834 section 5
        "X-Auto-Response-Suppress": "OOF, AutoReply",  # what Exchange listens to instead
        **mail.headers,
    }
    email = EmailMultiAlternatives(
        subject=mail.subject,
        body=mail.text,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[message.address],
        headers=headers,
    )
    email.attach_alternative(mail.html, "text/html")
    if mail.calendar:
        email.attach_alternative(mail.calendar.decode(), f"text/calendar; method={mail.method}")
    return email.message().as_bytes(linesep="\r\n")  # type: ignore[call-arg]
