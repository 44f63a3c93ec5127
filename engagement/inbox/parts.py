"""Taking an incoming mail apart: what was written about the failure, and what is quoted of the original.

Reports are often damaged, so nothing here raises, and what cannot be decoded is read as it stands.
"""

import re
from dataclasses import dataclass
from email import message_from_bytes
from email.errors import HeaderParseError, MessageError
from email.header import decode_header, make_header
from email.message import Message

# What a report says stands before the mail that it returns, which may be large.
MOST_BYTES = 500_000
_MOST_TEXT = 20_000
# Python reads these as mails within the mail and then cannot undo base64 or quoted-printable; as something
# unknown they are leaves with an ordinary body.
_AS_LEAVES = re.compile(
    rb"^(content-type:\s*)message/(delivery-status|global-delivery-status|feedback-report|rfc822|global|"
    rb"disposition-notification|global-disposition-notification|rfc822-headers|global-headers)\b",
    re.IGNORECASE | re.MULTILINE,
)
_STATUS = {"application/x-delivery-status", "application/x-global-delivery-status"}
_FEEDBACK = {"application/x-feedback-report"}
_ORIGINAL = {
    "application/x-rfc822",
    "application/x-global",
    "application/x-rfc822-headers",
    "application/x-global-headers",
    "text/rfc822-headers",
    "text/rfc822-header",
    "text/rfc822",
}
# Where the original begins in a report that is one text. What stands before it on its line is taken whole
# (`*+`): trying every part of a long line of ">" would take its length squared.
_QUOTED = re.compile(
    r"^[ \t>]*+(--[^\n]*\b(copy of|original|unsent|returned|undelivered|headers)\b[^\n]*(message|"
    r"mail|follow)"
    r"[^\n]*|[^\n]*\b(original (message|mail)|message (headers?|text|body)|copy of (the|your) (message|mail))"
    r"[^\n]*\bfollows?[^\n]*|-{3,} ?(original message|the header|the original)[^\n]*|"
    r"(received: |return-path: |x-mailer: |dkim-signature: |mime-version: |message-id: )[^\n]*)$",
    re.IGNORECASE | re.MULTILINE,
)
_TAGS = re.compile(r"<(style|script)\b.*?</\1\s*>|<(?!\S+@)/?[a-z!][^>]*>", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True)
class Parts:
    """`status` and `feedback` are the machine-readable reports, `text` is what people read."""

    headers: Message
    status: str
    feedback: str
    text: str
    original: str
    is_receipt: bool

    def header(self, name: str) -> str:
        """Its value, decoded and on one line; "" when it is not there."""
        return next(iter(self.headers_named(name)), "")

    def headers_named(self, *names: str) -> list[str]:
        """All values, in the order of `names`; bytes that nobody encoded count as UTF-8."""
        raw = [(name.lower(), str(value)) for name, value in self.headers.raw_items()]
        plain = [
            (name, value.encode("utf-8", "surrogateescape").decode("utf-8", "replace")) for name, value in raw
        ]
        return [_decoded(value) for wanted in names for name, value in plain if name == wanted.lower()]


def take_apart(raw: bytes) -> Parts:
    lines = raw[:MOST_BYTES].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    mail = message_from_bytes(_AS_LEAVES.sub(rb"\1application/x-\2", _without_mbox_line(lines)))
    found: dict[str, list[str]] = {"status": [], "feedback": [], "text": [], "html": [], "original": []}
    receipt = False
    for part in mail.walk():
        kind = part.get_content_type()
        receipt = receipt or kind.endswith("disposition-notification")
        if place := _place(part, kind, found):
            found[place].append(_body(part))
    written = "\n".join(found["text"] or [_TAGS.sub(" ", html) for html in found["html"]])
    text, quoted = _split(written[:_MOST_TEXT])
    return Parts(
        headers=mail,
        status="\n\n".join(found["status"]),
        feedback="\n\n".join(found["feedback"]),
        text=text,
        original="\n".join([*found["original"], quoted, written[_MOST_TEXT:]]),
        is_receipt=receipt,
    )


def _without_mbox_line(lines: bytes) -> bytes:
    """The "From " line of an mbox, or of a local pipe, is no header."""
    return lines.partition(b"\n")[2] if lines.startswith((b"From ", b">From ")) else lines


def _place(part: Message, kind: str, found: dict[str, list[str]]) -> str:
    if kind in _STATUS:
        return "status"
    if kind in _FEEDBACK:
        return "feedback"
    if kind in _ORIGINAL:
        return "original"
    if part.is_multipart() or part.get_filename():
        return ""
    if kind == "text/html":
        return "html"
    # What claims to be of several parts and is not lost its boundaries: all that is left is its text.
    return "text" if kind.startswith(("text/", "multipart/")) else ""


def _body(part: Message) -> str:
    try:
        payload = part.get_payload(decode=True)
    except (MessageError, ValueError, LookupError):
        payload = None
    data = payload if isinstance(payload, bytes) else str(part.get_payload()).encode("utf-8", "replace")
    charset = str(part.get_content_charset() or "utf-8")
    try:
        return data.decode(charset, "replace")
    except LookupError:
        return data.decode("utf-8", "replace")


def _split(text: str) -> tuple[str, str]:
    """What the mail server wrote, and what it quoted; a text that begins with headers is all its own."""
    for found in _QUOTED.finditer(text):
        if text[: found.start()].strip():
            return text[: found.start()], text[found.start() :]
    return text, ""


def _decoded(value: str) -> str:
    flat = " ".join(value.split())
    try:
        return str(make_header(decode_header(flat)))
    except (HeaderParseError, LookupError, UnicodeError, ValueError):
        return flat
