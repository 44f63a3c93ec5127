"""Logging an interview: who was heard, and that they were."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from crm.base.happenings import Happening, about, retell
from crm.contacts.facets import keep_facets
from crm.contacts.models import Contact
from crm.themes.models import Theme
from engagement.interviews.happenings import HELD
from engagement.interviews.models import Interview

LOOK_BACK = timedelta(days=7)


@transaction.atomic
def save_interview(
    *, interview: Interview, contacts: Iterable[Contact], themes: Iterable[Theme]
) -> Interview:
    """Store a new or edited interview; once it was held, the timelines tell so and its people were heard."""
    before = set(interview.contacts.all()) if interview.pk else set()
    interview.save()
    interview.contacts.set(contacts)
    interview.themes.set(themes)
    _tell(interview, before)
    return interview


def _tell(interview: Interview, before: set[Contact]) -> None:
    """That each of its people was heard and, where none of them works there, the organisation; nothing of one
    that is planned or was called off.
    """
    people = list(interview.contacts.all())
    among = {contact.pk for contact in before.union(people)}
    if interview.state not in Interview.COUNTING:
        retell(HELD, about(interview), [], among=among)
        return
    words = {"interviewer": str(interview.interviewer)}
    what: dict[str, Any] = {
        "about": about(interview),
        "words": words,
        "at": interview.held_at,
        "by": interview.interviewer,
    }
    happenings = [Happening(HELD, [contact.pk for contact in people], **what)] if people else []
    organisation = interview.organisation
    if organisation and not organisation.affiliations.filter(contact__in=people).exists():
        # Its page shows the entries of its own people already.
        happenings.append(Happening(HELD, organisation=organisation.pk, **what))
    retell(HELD, about(interview), happenings, among=among)


@transaction.atomic
def delete_interview(*, interview: Interview) -> None:
    """Delete it with what the timelines tell of it; its people count as heard by their other ones."""
    among = list(interview.contacts.values_list("pk", flat=True))
    here = about(interview)
    interview.delete()
    retell(HELD, here, [], among=among)


def count_held(*, now: datetime | None = None) -> int:
    """Count as heard whom an interview logged before its hour has heard meanwhile; harmless when run twice.

    Looks back a week, so that a worker that stood still catches up.
    """
    moment = now or timezone.now()
    lately = Interview.objects.counting(moment).filter(held_at__gt=moment - LOOK_BACK)
    return keep_facets(Contact.objects.filter(interviews__in=lately).values_list("pk", flat=True))
