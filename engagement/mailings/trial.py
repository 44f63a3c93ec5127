"""A mailing sent to oneself, to see it in one's own mail program."""

from dataclasses import replace
from smtplib import SMTPRecipientsRefused, SMTPResponseException

from django.core.mail import get_connection

from engagement.mailings.kinds import KINDS
from engagement.mailings.mime import email_of
from engagement.mailings.models import Recipient
from engagement.mailings.services import preview


def send_test(*, recipient: Recipient, to: str) -> int:
    """Send to `to` what `recipient` would get, once in each language it is written in; return how many.

    It is no message of the mailing: no row, nothing on a timeline, links that open nothing, no calendar
    part that would ask for an answer. Raises CannotBeMade, OSError for what the mail server says, and
    ValueError for an address that cannot be sent to.
    """
    kind = KINDS[recipient.mailing.kind]
    emails = []
    for language in kind.languages(recipient.mailing) or [recipient.contact.language]:
        message = preview(recipient=recipient, language=language)
        mail = kind.render(message)
        message.address = to
        test = replace(mail, subject=f"[Test] {mail.subject}", calendar=b"")
        emails.append(email_of(message, test))
    return get_connection().send_messages(emails) or 0


def said(error: OSError | ValueError) -> str:
    """The answer of the mail server, or what kept it from being asked."""
    if isinstance(error, SMTPRecipientsRefused):
        return _answer(*next(iter(error.recipients.values())))
    if isinstance(error, SMTPResponseException):
        return _answer(error.smtp_code, error.smtp_error)
    return str(error) or type(error).__name__


def _answer(code: int, words: bytes | str) -> str:
    return f"{code} {words.decode('utf-8', 'replace') if isinstance(words, bytes) else words}"
