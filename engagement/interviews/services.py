"""Logging an interview: who was heard, and that they were."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from crm.contacts.facets import keep_facets
from crm.contacts.models import Contact
from crm.themes.models import Theme
from crm.timeline.models import TimelineEntry
from crm.timeline.services import record
from engagement.interviews.models import Interview
from engagement.interviews.timeline import HELD

LOOK_BACK = timedelta(days=7)


@transaction.atomic
def save_interview(
    *, interview: Interview, contacts: Iterable[Contact], themes: Iterable[Theme]
) -> Interview:
    """Store a new or edited interview, put it on the timelines and count its people as heard."""
    before = set(interview.contacts.all()) if interview.pk else set()
    interview.save()
    interview.contacts.set(contacts)
    interview.themes.set(themes)
    _write_timeline(interview)
    keep_facets(contact.pk for contact in before | set(interview.contacts.all()))
    return interview


def _write_timeline(interview: Interview) -> None:
    """One entry per person and one for the organisation, as the interview is now."""
    link = interview.get_absolute_url()
    TimelineEntry.objects.filter(kind=HELD.name, link=link).delete()
    words = {"interviewer": str(interview.interviewer)}
    people = list(interview.contacts.all())
    for contact in people:
        record(
            HELD.name,
            at=interview.held_at,
            contact=contact,
            words=words,
            link=link,
            actor=interview.interviewer,
        )
    organisation = interview.organisation
    if organisation and not organisation.affiliations.filter(contact__in=people).exists():
        # Its page shows the entries of its own people already.
        record(
            HELD.name,
            at=interview.held_at,
            organisation=organisation,
            words=words,
            link=link,
            actor=interview.interviewer,
        )


def count_held(*, now: datetime | None = None) -> int:
    """Count as heard whom an interview planned ahead has heard meanwhile; harmless when run twice.

    Looks back a week, so that a worker that stood still catches up.
    """
    moment = now or timezone.now()
    lately = Interview.objects.filter(held_at__gt=moment - LOOK_BACK, held_at__lte=moment)
    return keep_facets(Contact.objects.filter(interviews__in=lately).values_list("pk", flat=True))
