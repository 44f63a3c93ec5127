"""A mail composed once, in which only what differs per reader is put in: the bytes Django would make.

The mail is composed with stand-ins for the fields; where they turn up, the fields go, escaped as that place
needs. Two odd readers are tried both ways before a stencil is used: where the results differ, or where a
field holds what cannot be put in, the caller makes the whole mail instead.
"""

import re
import secrets
from collections.abc import Callable
from email import message_from_bytes
from email.header import decode_header, make_header
from html import escape
from typing import Any

from django.conf import settings
from icalendar import Parameters

from engagement.mailings.kinds import Fields, Letter, Mail
from engagement.mailings.mime import build, message_headers, to_header

# Longer values might make a line longer than RFC 5322 section 2.1.1 allows.
_LONGEST_FIELD = 300
_LONGEST_LINE = 990
_BREAK = re.compile(r"\r\n|\r|\n")
_TEXT_PROPERTIES = ("DESCRIPTION", "SUMMARY", "LOCATION")

Pour = Callable[[Fields], str]


class Unfit(Exception):
    """These fields, or this mail, cannot be put together from a stencil."""


class Stencil:
    """The mail of one variant of a kind; `fill()` makes it for one reader."""

    def __init__(self, compose: Callable[[Letter, Fields], Mail], letter: Letter) -> None:
        marks = {name: f"kw{secrets.token_hex(8)}x{index:02d}z" for index, name in enumerate(letter.fields)}
        mail = compose(letter, marks)
        self._marks = {mark: name for name, mark in marks.items()}
        self._split = re.compile("(" + "|".join(marks.values()) + ")") if marks else re.compile("(?!)")
        self._boundary = f"=={secrets.token_hex(16)}=="
        self._headers = self._poured_headers(mail)
        self._body = self._poured_body(mail)

    def fill(self, letter: Letter) -> bytes:
        """The whole mail with CRLF line ends. Unfit when a field does not lend itself to it."""
        for value in letter.fields.values():
            if len(value) > _LONGEST_FIELD or "\r" in value or "\n" in value:
                raise Unfit
        head = [f"{name}: {value}\r\n" for name, value in message_headers(letter.message).items()]
        head.append(f"To: {to_header(letter.message.address)}\r\n")
        fields = letter.fields
        return "".join([*head, self._headers(fields), self._body(fields)]).encode()

    def _poured_headers(self, mail: Mail) -> Pour:
        fixed = {"MIME-Version": "1.0", "Content-Type": f'multipart/alternative; boundary="{self._boundary}"'}
        lines = [f"{name}: {value}\r\n" for name, value in {**mail.headers, **fixed}.items()]
        lines += [f"{name}: {_encoded(value)}\r\n" for name, value in self._named(mail).items()]
        return self._poured("".join(lines), _in_a_header)

    def _named(self, mail: Mail) -> dict[str, str]:
        if self._split.search(mail.subject):
            raise Unfit
        return {"Subject": mail.subject, "From": settings.DEFAULT_FROM_EMAIL}

    def _poured_body(self, mail: Mail) -> Pour:
        parts: list[tuple[str, str, Callable[[str], str]]] = [
            (self._part("text/plain"), _crlf(mail.text), str),
            (self._part("text/html"), _crlf(mail.html), escape),
        ]
        pours = [self._poured(head + body, how) for head, body, how in parts]
        if mail.calendar:
            pours.append(self._poured(self._part(f"text/calendar; method={mail.method}"), str))
            pours.append(self._poured_calendar(mail.calendar.decode()))
        end = f"\r\n--{self._boundary}--\r\n"
        return lambda fields: "".join([pour(fields) for pour in pours]) + end

    def _part(self, content_type: str) -> str:
        kind = f'Content-Type: {content_type}; charset="utf-8"'
        return f"\r\n--{self._boundary}\r\n{kind}\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"

    def _poured(self, text: str, how: Callable[[str], str]) -> Pour:
        if any(len(line.encode()) > _LONGEST_LINE for line in text.split("\r\n")):
            raise Unfit
        pieces = self._split.split(text)
        places = [(index, self._marks[piece]) for index, piece in enumerate(pieces) if piece in self._marks]

        def pour(fields: Fields) -> str:
            filled = pieces.copy()
            for index, name in places:
                filled[index] = how(fields[name])
            return "".join(filled)

        return pour

    def _poured_calendar(self, text: str) -> Pour:
        """Line by line: what is put in changes where a line is folded (RFC 5545 section 3.1)."""
        pours: list[Pour] = []
        fixed: list[str] = []
        for line in text.replace("\r\n ", "").split("\r\n"):
            if self._split.search(line):
                pours.append(self._poured("\r\n".join([*fixed, ""]), str))
                pours.append(self._poured_line(line))
                fixed = [""]
            else:
                fixed.append(folded(line))
        pours.append(self._poured("\r\n".join(fixed), str))
        return lambda fields: "".join([pour(fields) for pour in pours])

    def _poured_line(self, line: str) -> Pour:
        pieces = self._split.split(line)
        name = re.split("[;:]", line, maxsplit=1)[0]
        how = _ical_text if name in _TEXT_PROPERTIES else str

        def pour(fields: Fields) -> str:
            filled = [
                (_ical_param if before.endswith("CN=") else how)(fields[self._marks[piece]])
                if piece in self._marks
                else piece
                for before, piece in zip(["", *pieces], pieces, strict=False)
            ]
            return folded("".join(filled))

        return pour


def checked_stencil(compose: Callable[[Letter, Fields], Mail], letter: Letter) -> Stencil | None:
    """A stencil that was tried on two odd readers, or None when it did not make what Django makes."""
    try:
        stencil = Stencil(compose, letter)
        same = all(_agree(stencil, compose, odd) for odd in _odd_readers(letter))
    except Unfit:
        return None
    return stencil if same else None


def _odd_readers(letter: Letter) -> list[Letter]:
    """Values that are escaped differently in html, headers and calendars, long ones and short ones."""
    odd = ["A", "Zoë 🙂 O'Neil & <Söns>; \\, " + "é" * 60]
    urls = ["https://example.org/a/", "https://example.org/b/" + "x" * 60]
    return [
        Letter(
            message=letter.message,
            about=letter.about,
            variant=letter.variant,
            fields={
                name: letter.message.address if name == "address" else url if name.endswith("_url") else word
                for name in letter.fields
            },
        )
        for word, url in zip(odd, urls, strict=True)
    ]


def _agree(stencil: Stencil, compose: Callable[[Letter, Fields], Mail], letter: Letter) -> bool:
    whole = build(letter.message, compose(letter, letter.fields))
    return decoded(stencil.fill(letter)) == decoded(whole)


def decoded(raw: bytes) -> Any:
    """What a reader's program sees: headers and parts, however they travelled."""
    message = message_from_bytes(raw)
    skipped = {"content-type", "date", "content-transfer-encoding"}
    headers = {
        name.lower(): str(make_header(decode_header(value))).replace("\n", "").replace("\r", "").strip()
        for name, value in message.items()
        if name.lower() not in skipped
    }
    parts = [
        (part.get_content_type(), part.get_param("method"), part.get_payload(decode=True))
        for part in message.walk()
        if not part.is_multipart()
    ]
    return headers, parts


def folded(line: str) -> str:
    """At most 74 octets a line, as icalendar does it, and never within a character."""
    raw = line.encode()
    found, start = [], 0
    while len(raw) - start > 74:
        end = start + 74
        while raw[end] & 0xC0 == 0x80:  # within a character (RFC 3629 section 3)
            end -= 1
        found.append(raw[start:end])
        start = end
    return b"\r\n ".join([*found, raw[start:]]).decode()


def _crlf(text: str) -> str:
    return _BREAK.sub("\r\n", text)


def _encoded(value: str) -> str:
    """A header that is the same for all, as it travels."""
    if value.isascii():
        return value
    return str(make_header([(value, "utf-8")]).encode(linesep="\r\n"))


def _in_a_header(value: str) -> str:
    if not value.isascii():
        raise Unfit
    return value


def _ical_text(value: str) -> str:
    """RFC 5545 section 3.3.11."""
    return value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")


def _ical_param(value: str) -> str:
    """Quoted and escaped by the library (RFC 5545 section 3.2, RFC 6868)."""
    return Parameters(CN=value).to_ical().decode().removeprefix("CN=")
