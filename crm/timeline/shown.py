"""The timeline as a page shows it: filtered by group and as long as asked for."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.accounts.roles import may
from crm.base.happenings import KINDS, THINGS, Kind
from crm.contacts.models import Contact
from crm.organisations.models import Organisation
from crm.timeline.models import TimelineEntry

GROUPS: dict[str, Promise] = {
    "": _("Everything"),
    "conversation": _("Conversations"),
    "mail": _("Mail"),
    "change": _("Changes"),
}
# What a page shows of an entry beside its sentence, and what it takes to read that.
FIELDS = {"detail": "timeline.notes", "quote": "timeline.notes", "diff": "timeline.changes"}
_STEP, _MOST = 30, 3000


@dataclass(frozen=True)
class Timeline:
    entries: list[TimelineEntry]
    group: str
    # What to ask for to see further back; None when this is all.
    more: int | None

    @property
    def groups(self) -> list[tuple[str, Promise]]:
        return list(GROUPS.items())


def timeline_of(
    subject: Contact | Organisation, *, reader: User, group: str = "", length: str = ""
) -> Timeline:
    """The newest entries that `reader` may read, without what else they may not.

    `group` and `length` come from the address and may be anything.
    """
    chosen = group if group in GROUPS else ""
    wanted = min(int(length), _MOST) if length.isdecimal() and len(length) < 6 else _STEP
    kinds = [kind.name for kind in _readable_kinds(reader) if chosen in ("", kind.group)]
    found = TimelineEntry.objects.about(subject).filter(kind__in=kinds).select_related("contact")
    entries = list(found[: wanted + 1])
    more = wanted + _STEP if len(entries) > wanted else None
    _leave_out_fields(entries, reader)
    find_addresses(entries[:wanted], reader)
    return Timeline(entries[:wanted], chosen, more)


def _readable_kinds(reader: User) -> list[Kind]:
    return [kind for kind in KINDS.values() if not kind.capability or may(reader, kind.capability)]


def _leave_out_fields(entries: Sequence[TimelineEntry], reader: User) -> None:
    closed = {name for name, capability in FIELDS.items() if not may(reader, capability)}
    for entry in entries:
        entry.words = {name: value for name, value in entry.words.items() if name not in closed}


def find_addresses(entries: Sequence[TimelineEntry], reader: User) -> None:
    """Give each the page of what it is about, unless that is gone or `reader` may not open it.

    One query for each kind of thing.
    """
    keys: dict[str, set[str]] = {}
    for entry in entries:
        if entry.about_kind in THINGS and may(reader, THINGS[entry.about_kind].capability):
            keys.setdefault(entry.about_kind, set()).add(entry.about_key)
    found = {kind: THINGS[kind].addresses(some) for kind, some in keys.items()}
    for entry in entries:
        entry.address = found.get(entry.about_kind, {}).get(entry.about_key, "")
