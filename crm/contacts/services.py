"""Writing contacts, how to reach them and what they do where."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.contacts.indexing import keep_documents
from crm.contacts.models import Affiliation, AttendedKind, Contact, ContactPoint, Origin
from crm.contacts.search_documents import SearchDocument
from crm.contacts.timeline import CHANGED, CREATED
from crm.links.models import Link
from crm.organisations.models import Organisation
from crm.organisations.services import find_or_create_organisation
from crm.preferences.models import ConsentRecord, Preference
from crm.themes.models import Theme
from crm.themes.services import tags_called
from crm.timeline.models import TimelineEntry
from crm.timeline.services import record
from crm.usage import call_it, delete_unused

NAME_FIELDS = (
    "given_name",
    "initials",
    "infix",
    "family_name",
    "titles_before",
    "titles_after",
    "form_of_address",
    "own_salutation",
    "formality",
    "language",
)

# What goes with a contact when it is deleted. The ledger of what they said about mail is not in it: a "no"
# may not be forgotten because somebody tidies up.
OWN = frozenset({Affiliation, AttendedKind, ContactPoint, Link, Preference, SearchDocument, TimelineEntry})
call_it(Affiliation, _("functions of people"), page="contact")
call_it(ConsentRecord, _("answers about mail, in the ledger"))


@dataclass(frozen=True)
class PointInput:
    """`value` as normalised by reach.normalised()."""

    kind: str
    value: str
    preferred: bool = False


@dataclass(frozen=True)
class AffiliationInput:
    """`pk` of the affiliation to change, None for a new one; `organisation` by name if not known yet."""

    organisation: Organisation | str
    pk: int | None = None
    job_title: str = ""
    sector: str = ""
    started_on: date | None = None
    ended_on: date | None = None


@transaction.atomic
def save_contact(
    *,
    contact: Contact | None,
    fields: Mapping[str, str],
    themes: Iterable[Theme],
    points: Sequence[PointInput],
    affiliations: Sequence[AffiliationInput],
    actor: User,
    tags: Iterable[str] | None = None,
    origin: Origin = Origin.HAND,
) -> Contact:
    """Make a contact, or make this one exactly so: points and affiliations that are not named are removed.

    `fields` holds values of NAME_FIELDS; `tags` are names, None leaves them as they are; `origin` is for a
    new one. The difference stands on the timeline; no difference, no entry.
    """
    kept = (
        Contact(origin=origin) if contact is None else Contact.objects.select_for_update().get(pk=contact.pk)
    )
    before = _picture(kept) if kept.pk else {}
    for name in NAME_FIELDS:
        setattr(kept, name, fields.get(name, getattr(kept, name)))
    kept.save()
    kept.themes.set(themes)
    if tags is not None:
        kept.tags.set(tags_called(tags))
    _put_points(kept, points)
    _put_affiliations(kept, affiliations, actor)
    keep_documents([kept.pk])
    _record(kept, before, created=contact is None, actor=actor)
    return kept


@transaction.atomic
def delete_contact(*, contact: Contact) -> None:
    """StillInUse when anything points at them: seats, interviews, mail, answers in the ledger."""
    delete_unused(Contact.objects.select_for_update().get(pk=contact.pk), own=OWN)


def _put_points(contact: Contact, points: Sequence[PointInput]) -> None:
    """A changed address is a new one: what was known of the old one (that it bounced) says nothing of it."""
    wanted = {(point.kind, point.value): point for point in points}
    for old in contact.contact_points.all():
        if (old.kind, old.value) not in wanted:
            old.delete()
    contact.contact_points.update(preferred=False)  # at most one at any moment, so says the constraint
    for (kind, value), point in wanted.items():
        ContactPoint.objects.update_or_create(
            contact=contact, kind=kind, value=value, defaults={"preferred": point.preferred}
        )


def _put_affiliations(contact: Contact, wanted: Sequence[AffiliationInput], actor: User) -> None:
    known = {row.pk: row for row in contact.affiliations.all()}
    contact.affiliations.exclude(pk__in=[row.pk for row in wanted if row.pk]).delete()
    # Those that end come first: one current function per organisation, so says the constraint.
    for row in sorted(wanted, key=lambda row: row.ended_on is None):
        affiliation = known.get(row.pk or 0) or Affiliation(contact=contact)
        affiliation.organisation = _organisation(row.organisation, actor)
        affiliation.job_title, affiliation.sector = row.job_title, row.sector
        affiliation.started_on, affiliation.ended_on = row.started_on, row.ended_on
        affiliation.save()


def _organisation(organisation: Organisation | str, actor: User) -> Organisation:
    if isinstance(organisation, Organisation):
        return organisation
    return find_or_create_organisation(name=organisation, actor=actor)


def _picture(contact: Contact) -> dict[str, str]:
    """What the timeline compares; codes of choices stay codes, so that each reader gets their language."""
    points = list(contact.contact_points.order_by("-preferred", "pk"))
    affiliations = contact.affiliations.current().select_related("organisation")
    return {
        **{name: getattr(contact, name) for name in NAME_FIELDS},
        "themes": ", ".join(theme.name_nl for theme in contact.themes.all()),
        "tags": ", ".join(tag.name for tag in contact.tags.all()),
        "email": ", ".join(point.value for point in points if point.kind == ContactPoint.Kind.EMAIL),
        "phone": ", ".join(point.value for point in points if point.kind != ContactPoint.Kind.EMAIL),
        "affiliations": "; ".join(str(row) for row in affiliations.order_by("pk")),
    }


def _record(contact: Contact, before: Mapping[str, str], *, created: bool, actor: User) -> None:
    after = _picture(contact)
    diff = {name: [before[name], after[name]] for name in before if before[name] != after[name]}
    if not created and not diff:
        return
    words = {"by": str(actor)} | ({"diff": diff} if diff else {})
    record((CREATED if created else CHANGED).name, contact=contact, words=words, actor=actor)
