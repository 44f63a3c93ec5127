"""Logging an interview: who was heard, and that they were."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from crm.contacts.models import Contact
from crm.themes.models import Theme
from crm.timeline.models import TimelineEntry
from crm.timeline.services import record
from engagement.interviews.models import Interview
from engagement.interviews.timeline import HELD


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
    for contact in before | set(interview.contacts.all()):
        refresh_last_heard(contact=contact)
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


def refresh_last_heard(*, contact: Contact) -> None:
    """Set the facet to the latest interview held, but never earlier than what a spreadsheet said before."""
    latest = latest_interview(contact).aggregate(latest=Max("held_at"))["latest"]
    if latest is None:
        return
    day = timezone.localdate(latest)
    contact = Contact.objects.select_for_update().get(pk=contact.pk)
    if contact.last_heard_on is None or contact.last_heard_on < day:
        contact.last_heard_on = day
        contact.save(update_fields=["last_heard_on", "updated_at"])


def latest_interview(contact: Contact) -> QuerySet[Interview]:
    """The interviews in which `contact` was heard, not those still to come."""
    return contact.interviews.filter(held_at__lte=timezone.now())
