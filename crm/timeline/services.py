"""Writing the timeline: called by services inside their own transaction."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from crm.accounts.models import User
from crm.contacts.models import Contact
from crm.organisations.models import Organisation
from crm.timeline.kinds import KINDS
from crm.timeline.models import TimelineEntry


@dataclass(frozen=True)
class Told:
    """One of many entries of a kind; `contact` is a primary key."""

    contact: int
    at: datetime
    words: dict[str, Any]
    link: str = ""


def record_many(kind: str, entries: Iterable[Told]) -> None:
    """Append an entry for each, in one statement."""
    name = KINDS[kind].name
    TimelineEntry.objects.bulk_create(
        [
            TimelineEntry(kind=name, contact_id=one.contact, at=one.at, words=one.words, link=one.link)
            for one in entries
        ],
        batch_size=1000,
    )


def record(
    kind: str,
    *,
    at: datetime | None = None,
    contact: Contact | None = None,
    organisation: Organisation | None = None,
    words: dict[str, Any] | None = None,
    link: str = "",
    actor: User | None = None,
) -> TimelineEntry:
    """Append one entry; KeyError for a kind that nobody registered."""
    return TimelineEntry.objects.create(
        kind=KINDS[kind].name,
        at=at or timezone.now(),
        contact=contact,
        organisation=organisation,
        words=words or {},
        link=link,
        actor=actor,
    )
