"""Who spoke in a conversation, with function and O as on its day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from crm.contacts.models import Affiliation, Contact
from crm.organisations.models import Organisation
from engagement.statements.models import Speaker, Writeup


@transaction.atomic
def set_speakers(
    *, writeup: Writeup, contacts: Iterable[Contact], on: date, organisation: Organisation | None = None
) -> None:
    """Let these people be the speakers of the notes, each with function and O as on that day.

    ValidationError when somebody who is not among them said something that was taken down.
    """
    there = {one.contact_id: one for one in writeup.speakers.exclude(contact=None).select_related("contact")}
    wanted = {contact.pk: contact for contact in contacts}
    for key, speaker in there.items():
        if key not in wanted:
            remove_speaker(speaker=speaker)
    for key, contact in wanted.items():
        if key not in there:
            Speaker.objects.create(writeup=writeup, contact=contact, **as_of(contact, on, organisation))


def add_speaker(*, speaker: Speaker, on: date) -> Speaker:
    """Store a speaker; somebody we know with function and O as on that day, unless their O was said."""
    if speaker.contact:
        for name, value in as_of(speaker.contact, on).items():
            if not getattr(speaker, name):
                setattr(speaker, name, value)
        speaker.label = ""
    speaker.save()
    return speaker


def remove_speaker(*, speaker: Speaker) -> None:
    """ValidationError when something that they said was taken down, or they answered about that."""
    if count := speaker.statements.count():
        words = _("Statements of %(who)s were taken down here: %(count)s. Give them to somebody else first.")
        raise ValidationError(words % {"who": speaker, "count": count})
    if count := speaker.responses.count():
        words = _("%(who)s answered about statements here: %(count)s times. So the name stays.")
        raise ValidationError(words % {"who": speaker, "count": count})
    speaker.delete()


def as_of(contact: Contact, on: date, organisation: Organisation | None = None) -> dict[str, object]:
    """Function, organisation and O of a contact on a day, at `organisation` if they had one there."""
    here: list[Affiliation] = list(
        contact.affiliations.filter(Q(started_on=None) | Q(started_on__lte=on))
        .filter(Q(ended_on=None) | Q(ended_on__gt=on))
        .select_related("organisation")
    )
    here.sort(key=lambda one: one.organisation_id != (organisation and organisation.pk))
    if not here:
        return {}
    sectors = here[0].sector_list()
    return {
        "job_title": here[0].job_title,
        "organisation": here[0].organisation,
        "sector": sectors[0] if sectors else "",
    }
