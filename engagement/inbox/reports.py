"""Reading the machine-readable reports: RFC 3464 delivery status and RFC 5965 feedback."""

import re
from dataclasses import dataclass, field

from engagement.inbox.judging import judge
from engagement.inbox.parts import Parts
from engagement.inbox.verdict import Failure, Kind, Verdict, Why

_FIELD = re.compile(r"^([A-Za-z][A-Za-z0-9-]*)[ \t]*:[ \t]*(.*)$")
# Of these the first is whom the sender wrote to (RFC 3464 section 2.3.1); X-Actual-Recipient is Exim's and others'.
_RECIPIENTS = ("original-recipient", "final-recipient", "x-actual-recipient")
_ADDRESS = re.compile(r"[^\s<>;,\"'()\[\]\\]+@[^\s<>;,\"'()\[\]\\]+")
# RFC 5965 section 3.5, RFC 6650: these are about one person's wish; the others about forged mail or a virus.
_WISHES = {"abuse", "fraud", "opt-out", "opt-out-list", "complaint", "miscategorized", "other", ""}
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
    failures = [_failure(group, parts.text) for group in groups if not _succeeded(group)]
    return failures, bool(groups)


def _succeeded(group: Group) -> bool:
    action = group.fields.get("action", "").lower().split("(")[0].strip()
    return action.startswith(_NO_FAILURE) or group.fields.get("status", "").startswith("2")


def _failure(group: Group, text: str) -> Failure:
    fields = group.fields
    said = fields.get("diagnostic-code", "")
    delayed = fields.get("action", "").lower().startswith("delay")
    kind, why, status, reply = judge(said, status=fields.get("status", ""), delayed=delayed)
    if why is Why.OTHER and text.strip():
        # The field says nothing that is understood; the words for people often do.
        kind, why, status, reply = judge(
            f"{said} {_about(group, text)}", status=fields.get("status", ""), delayed=delayed
        )
    return Failure(group.names(), kind, why, status, reply)


def _about(group: Group, text: str) -> str:
    """The paragraphs that name this recipient, else all."""
    names = group.names()
    paragraphs = re.split(r"\n\s*\n", text)
    lower = [paragraph.lower() for paragraph in paragraphs]
    first = next((n for n, paragraph in enumerate(lower) if any(name in paragraph for name in names)), None)
    return text if first is None else "\n".join(paragraphs[first : first + 3])


def _groups(text: str) -> list[Group]:
    """The recipients of a report. A blank line parts two of them, but damaged reports have some inside too."""
    groups: list[Group] = []
    parted = True
    for name, value in _fields(text):
        if not name:
            parted = True
            continue
        if name in _RECIPIENTS and (not groups or name in groups[-1].fields or (parted and groups[-1].names())):
            groups.append(Group())
        parted = False
        if groups:
            groups[-1].fields.setdefault(name, value)
    return [group for group in groups if {"action", "status", "diagnostic-code"} & group.fields.keys()]


def _fields(text: str) -> list[tuple[str, str]]:
    """Name in lower case and unfolded value of each field; ("", "") for a blank line."""
    found: list[tuple[str, str]] = []
    for line in text.splitlines():
        matched = _FIELD.match(line)
        if not line.strip():
            found.append(("", ""))
        elif matched:
            found.append((matched[1].lower(), matched[2].strip()))
        elif found and found[-1][0]:  # folded; Exchange and others forget to indent
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
