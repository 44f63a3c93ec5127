"""Reading the machine-readable reports: RFC 3464 delivery status and RFC 5965 feedback."""

import re
from dataclasses import dataclass, field

from engagement.inbox.judging import judge
from engagement.inbox.parts import Parts
from engagement.inbox.verdict import Failure, Kind, Verdict, Why

_FIELD = re.compile(r"^([A-Za-z][A-Za-z0-9-]*)[ \t]*:[ \t]*(.*)$")
# The first is whom the sender wrote to (RFC 3464 section 2.3.1); X-Actual-Recipient is Exim's and others'.
_RECIPIENTS = ("original-recipient", "final-recipient", "x-actual-recipient")
_ADDRESS = re.compile(r"[^@\s<>;,\"'()\[\]\\]{1,64}@[^@\s<>;,\"'()\[\]\\]{1,255}")
_LISTED = re.compile(r"^[ \t]*[<\"]?([^@\s<>;,\"'()]{1,64}@[^@\s<>;,\"'():]{1,255})[>\"]?", re.MULTILINE)
# RFC 5965 section 3.5, RFC 6650: these are about one person's wish; the others about forged mail or a virus.
_WISHES = {"abuse", "fraud", "opt-out", "opt-out-list", "complaint", "miscategorized", "other", ""}
_MOST = 50
_NO_FAILURE = ("delivered", "relayed", "expanded")


@dataclass
class Group:
    """The fields of one recipient, with lower-case names; the first of a name counts."""

    fields: dict[str, str] = field(default_factory=dict)

    def names(self) -> tuple[str, ...]:
        found = [address_in(self.fields.get(name, "")) for name in _RECIPIENTS]
        return tuple(dict.fromkeys(name for name in found if name))


def address_in(value: str) -> str:
    """The address in "rfc822; <Jan@Example.org>", in lower case; "" for none."""
    found = _ADDRESS.search(value)
    return found[0].strip(".:").lower() if found else ""


def delivery_failures(parts: Parts) -> tuple[list[Failure], bool]:
    """The failed recipients, and whether there was a report at all (it may tell of a delivery)."""
    groups = _groups(parts.status) or _groups(parts.text)
    failures = [_failure(group, parts.text) for group in groups[:_MOST] if not _succeeded(group)]
    return failures, bool(groups)


def _succeeded(group: Group) -> bool:
    action = group.fields.get("action", "").lower().split("(")[0].strip()
    return action.startswith(_NO_FAILURE) or group.fields.get("status", "").startswith("2")


def _failure(group: Group, text: str) -> Failure:
    fields = group.fields
    said, status = fields.get("diagnostic-code", ""), fields.get("status", "")
    delayed = fields.get("action", "").lower().startswith("delay")
    about = _about(group, text)
    kind, why, code, reply = judge(said, status=status, context=about, delayed=delayed)
    if why is Why.OTHER and about.strip():
        # The field says nothing that is understood; the words for people often do.
        told = judge(f"{said} {about} {status}", status=status, context=about, delayed=delayed)
        kind, why, code, reply = told[0], told[1], told[2], reply or told[3]
    return Failure(group.names(), kind, why, code, reply)


def _about(group: Group, text: str) -> str:
    """The text from where it names this recipient to the next address that begins a line, else all of it."""
    lower = text.lower()
    places = [lower.find(name) for name in group.names() if name in lower]
    if not places:
        return text
    start = min(places)
    others = [found.start() for found in _LISTED.finditer(lower, start) if found[1] not in group.names()]
    return text[start : min(others, default=len(text))]


def _groups(text: str) -> list[Group]:
    """The recipients of a report. A blank line parts two of them, damaged reports have some inside too."""
    groups: list[Group] = []
    for block in re.split(r"\n[ \t]*\n", text):
        fields = _fields(block)
        of_block = _groups_of_block(fields)
        if of_block:
            groups += of_block
        elif groups:
            for name, value in fields:
                groups[-1].fields.setdefault(name, value)
    return [group for group in groups if {"action", "status", "diagnostic-code"} & group.fields.keys()]


def _groups_of_block(fields: list[tuple[str, str]]) -> list[Group]:
    """One recipient, or several that nothing parts: the same name again begins the next."""
    if not any(name in _RECIPIENTS for name, _ in fields):
        return []
    groups = [Group()]
    for name, value in fields:
        if name in _RECIPIENTS and name in groups[-1].fields:
            groups.append(Group())
        groups[-1].fields.setdefault(name, value)
    return groups


def _fields(text: str) -> list[tuple[str, str]]:
    """Name in lower case and unfolded value of each field."""
    found: list[tuple[str, str]] = []
    for line in text.splitlines():
        matched = _FIELD.match(line)
        if matched:
            found.append((matched[1].lower(), matched[2].strip()))
        elif found:  # folded; Exchange and others forget to indent
            found[-1] = (found[-1][0], f"{found[-1][1]} {line.strip()}")
    return found


def feedback(parts: Parts) -> Verdict | None:
    """A report of RFC 5965, None when there is none."""
    fields: dict[str, list[str]] = {}
    for name, value in _fields(parts.feedback):
        fields.setdefault(name, []).append(value)
    if "feedback-type" not in fields:
        return None
    kind = fields["feedback-type"][0].lower().split(";")[0].strip()
    if kind == "not-spam":
        return Verdict(Kind.NONE)
    named = [*fields.get("original-rcpt-to", []), *fields.get("removal-recipient", [])]
    # Some providers black out the person: then the Message-ID alone says who it was.
    reported = tuple(dict.fromkeys(a for a in map(address_in, named) if a and "redacted" not in a))
    why = Why.ABUSE if kind in _WISHES else Why.AUTHENTICATION
    return Verdict(Kind.COMPLAINT, why, reported=reported)
