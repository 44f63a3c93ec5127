"""Logging an interview: who was heard, and that they were."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.accounts.models import User
from crm.base.happenings import Happening, about, retell
from crm.contacts.facets import keep_facets
from crm.contacts.models import Contact
from crm.themes.models import Theme
from engagement.attachments.services import remove_attachment
from engagement.interviews.happenings import HELD
from engagement.interviews.models import Interview
from engagement.statements.services import begin_notes
from engagement.statements.speakers import set_speakers

LOOK_BACK = timedelta(days=7)


@transaction.atomic
def save_interview(
    *,
    interview: Interview,
    contacts: Iterable[Contact],
    themes: Iterable[Theme],
    also_by: Iterable[User] = (),
    notes: str = "",
    confidential: bool = False,
) -> Interview:
    """Store a new or edited interview; once it was held, the timelines tell so and its people were heard.

    `notes` are those of a new one. ValidationError when somebody is left out of whom statements were taken.
    """
    contacts, also_by = list(contacts), list(also_by)
    before = set(interview.contacts.all()) if interview.pk else set()
    if interview._state.adding:
        interview.writeup = begin_notes(notes)
    _keep_writeup(interview, confidential)
    interview.save()
    interview.contacts.set(contacts)
    interview.also_by.set(also_by)
    interview.themes.set(themes)
    _trust(interview)
    on = timezone.localdate(interview.held_at) if interview.held_at else timezone.localdate()
    set_speakers(writeup=interview.writeup, contacts=contacts, on=on, organisation=interview.organisation)
    _tell(interview, before)
    return interview


@transaction.atomic
def take_step(*, interview: Interview, state: str) -> None:
    """Say that an interview that was held is written up, or not yet."""
    interview.state = state
    _keep_writeup(interview, interview.writeup.confidential)
    interview.save(update_fields=["state", "updated_at"])


@transaction.atomic
def assign(*, interview: Interview, to: User | None) -> Interview:
    """Let `to` hold a planned interview, None nobody yet; one that is not planned any more stays as it is.

    ValidationError when nobody would be left who may read what was said in confidence.
    """
    interview = (
        Interview.objects.select_for_update(of=("self",)).select_related("writeup").get(pk=interview.pk)
    )
    if interview.state == Interview.State.PLANNED:
        if to is None and interview.writeup.confidential:
            raise ValidationError(_("A conversation in confidence keeps whoever holds it."))
        interview.interviewer = to
        interview.save(update_fields=["interviewer", "updated_at"])
        _trust(interview)
    return interview


def _trust(interview: Interview) -> None:
    """Who may read the notes when they are confidential."""
    holders = [interview.interviewer, *interview.also_by.all()]
    interview.writeup.trusted.set([one for one in holders if one])


def _keep_writeup(interview: Interview, confidential: bool) -> None:
    """The term after which earlier versions of the notes go begins with the approval."""
    approved = interview.state == Interview.State.APPROVED
    writeup = interview.writeup
    writeup.confidential = confidential
    writeup.approved_at = (writeup.approved_at or timezone.now()) if approved else None
    writeup.save(update_fields=["confidential", "approved_at", "updated_at"])


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
    """Delete it with its notes, their files and what the timelines tell of it.

    ValidationError when statements were taken from it.
    """
    if count := interview.writeup.statements.count():
        words = ngettext(
            "One statement was taken from these notes. Remove it first.",
            "%(count)s statements were taken from these notes. Remove them first.",
            count,
        )
        raise ValidationError(words % {"count": count})
    among = list(interview.contacts.values_list("pk", flat=True))
    here = about(interview)
    interview.delete()
    for attachment in interview.writeup.attachments.all():
        remove_attachment(attachment=attachment)
    interview.writeup.delete()
    retell(HELD, here, [], among=among)


def count_held(*, now: datetime | None = None) -> int:
    """Count as heard whom an interview logged before its hour has heard meanwhile; harmless when run twice.

    Looks back a week, so that a worker that stood still catches up.
    """
    moment = now or timezone.now()
    lately = Interview.objects.counting(moment).filter(held_at__gt=moment - LOOK_BACK)
    return keep_facets(Contact.objects.filter(interviews__in=lately).values_list("pk", flat=True))
