"""Noting where people's data came from, and that they were told."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.base import bulk_rows
from crm.base.bulk_rows import one_by_one
from crm.base.happenings import Happening, Kind, tell
from crm.contacts.models import Contact, Origin
from crm.contacts.services import save_contact
from crm.provenance.happenings import NOT_TOLD, TOLD
from crm.provenance.models import Provenance, ProvenanceQuerySet


def month_after(day: date) -> date:
    """The same day of the next month, else its last day: the end of the term of GDPR art. 14(3)(a)."""
    return day + relativedelta(months=1)


def note_provenance(*, sources: Sequence[tuple[int, str]], obtained_on: date) -> None:
    """Start the clock of art. 14 for contacts that are new; `sources` are (contact, which file and row)."""
    rows = [(contact, source[:300]) for contact, source in sources]
    bulk_rows.insert(
        Provenance, ("contact_id", "source"), rows, obtained_on=obtained_on, tell_by=month_after(obtained_on)
    )


@transaction.atomic
def save_from_program(*, contact: Contact | None, actor: User, **what: Any) -> Contact:
    """save_contact() with what another program sends: nobody typed in what they were told, so for somebody
    new the clock of art. 14 starts.
    """
    saved = save_contact(contact=contact, actor=actor, origin=Origin.API, **what)
    if contact is None:
        source = str(_("a program, by the API as %(name)s") % {"name": actor})
        note_provenance(sources=[(saved.pk, source)], obtained_on=timezone.localdate())
    return saved


@transaction.atomic
def note_told(*, people: ProvenanceQuerySet, by: User) -> int:
    """Stop the clock of art. 14 for those of `people` who were not told before; how many they are."""
    return _note(people.to_tell(), TOLD, told_at=timezone.now(), by=by)


@transaction.atomic
def take_back_told(*, people: ProvenanceQuerySet, told_at: str, by: User) -> int:
    """For whoever pressed by mistake: the clock runs again, within the same term, for those of `people` who
    were noted as told at that moment (ISO 8601), so twice is once; how many. The timeline keeps both.
    """
    return _note(people.told_at_moment(told_at), NOT_TOLD, told_at=None, by=by)


def _note(people: ProvenanceQuerySet, kind: Kind, *, told_at: datetime | None, by: User) -> int:
    contacts = list(people.select_for_update().values_list("contact", flat=True))
    Provenance.objects.filter(contact__in=one_by_one(contacts, "default")).update(told_at=told_at)
    if contacts:
        tell(Happening(kind, contacts, at=told_at, by=by))
    return len(contacts)
