"""Writing the timeline: called by services inside their own transaction."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from crm.accounts.models import User
from crm.contacts.models import Contact
from crm.organisations.models import Organisation
from crm.timeline.kinds import KINDS
from crm.timeline.models import TimelineEntry


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
