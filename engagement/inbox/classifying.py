"""What an incoming mail is: a bounce, a complaint, an answer that nobody wrote, or something for a person.

Pure: bytes in, verdict out. What follows from it is in services.py.
"""

import re

from engagement.inbox.autoreplies import is_auto_reply
from engagement.inbox.parts import Parts, take_apart
from engagement.inbox.reports import address_in, delivery_failures, feedback
from engagement.inbox.texts import text_failures
from engagement.inbox.verdict import Failure, Kind, Verdict, Why

_MESSAGE_ID = re.compile(
    r"^[ \t>]*(?:x-)?(?:original-)?message-id:\s*(<[^<>\s]+>)", re.IGNORECASE | re.MULTILINE
)
_ID = re.compile(r"<[^<>\s]+>")
_VERP = re.compile(r"[\w.=-]+\+[\w-]{20,}@[\w.-]+")
_VAGUE = {Why.OTHER, Why.DOUBTFUL}
_SES_COMPLAINT = re.compile(r'"notificationType"\s*:\s*"Complaint"')
_SES_PERSON = re.compile(r'"emailAddress"\s*:\s*"([^"]+)"')
# Where the address that a mail came in for is written, by one mail server or another.
_CAME_IN_FOR = ("X-Original-To", "Delivered-To", "Envelope-To", "X-Envelope-To", "X-Delivered-To", "To", "Cc")


def classify(raw: bytes, *, recipient: str = "") -> Verdict:
    """The verdict on one mail; `recipient` is the envelope's, where the way in knows it. Never raises."""
    parts = take_apart(raw)
    found = _verdict(parts)
    return Verdict(
        found.kind,
        found.why,
        found.failures,
        found.reported,
        message_ids=_message_ids(parts),
        verp=_verp(parts, recipient),
    )


def _verdict(parts: Parts) -> Verdict:
    complaint = feedback(parts) or _complaint_in_json(parts)
    if complaint:
        return complaint
    failures, was_report = delivery_failures(parts)
    if not was_report:
        failures = text_failures(parts)
    if failures and "delivery-status" in parts.original and all(one.why in _VAGUE for one in failures):
        # Some gateway wrapped the report into one of its own that tells nothing.
        failures = delivery_failures(take_apart(parts.original.encode()))[0] or failures
    if failures:
        return _worst(failures)
    if was_report:
        return Verdict(Kind.NONE)  # it tells of a delivery
    return Verdict(Kind.AUTO_REPLY if is_auto_reply(parts) else Kind.NONE)


def _worst(failures: list[Failure]) -> Verdict:
    deciding = next((one for one in failures if one.kind is Kind.HARD), failures[0])
    return Verdict(deciding.kind, deciding.why, tuple(failures))


def _complaint_in_json(parts: Parts) -> Verdict | None:
    """Amazon SES tells by a text of JSON, often damaged on its way, what RFC 5965 has fields for."""
    if not _SES_COMPLAINT.search(parts.text):
        return None
    reported = tuple(filter(None, map(address_in, _SES_PERSON.findall(parts.text))))
    return Verdict(Kind.COMPLAINT, Why.ABUSE, reported=reported)


def _message_ids(parts: Parts) -> tuple[str, ...]:
    """Those of the mail that came back, then those that this one answers."""
    quoted = _MESSAGE_ID.findall(parts.original) + _MESSAGE_ID.findall(parts.status + "\n" + parts.feedback)
    answered = [
        found for value in parts.headers_named("In-Reply-To", "References") for found in _ID.findall(value)
    ]
    return tuple(dict.fromkeys([*quoted, *answered]))


def _verp(parts: Parts, recipient: str) -> str:
    for value in [recipient, *parts.headers_named(*_CAME_IN_FOR)]:
        if found := _VERP.search(value):
            return found[0]
    return ""
