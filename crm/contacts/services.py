"""Writing contacts, how to reach them and what they do where."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from crm.accounts.models import User
from crm.base.conflicts import Picture, check, difference
from crm.base.happenings import Happening, tell
from crm.base.parts import delete_unused
from crm.base.tracking import acting, save_if_changed, set_links
from crm.contacts.happenings import CHANGED, CREATED
from crm.contacts.models import Affiliation, Contact, ContactPoint, Origin
from crm.organisations.models import Organisation
from crm.organisations.services import find_or_create_organisation
from crm.themes.models import Theme
from crm.themes.services import tags_called

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
    department: str = ""


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
    stamp: str = "",
) -> Contact:
    """Make a contact, or make this one exactly so: points and affiliations that are not named are removed.

    `fields` holds values of NAME_FIELDS; `tags` are names, None leaves them as they are; `origin` is for a
    new one. The difference stands on the timeline; no difference, no entry. ChangedMeanwhile when the contact
    is not what it was when `stamp` was made.
    """
    with changing_contact(contact=contact, actor=actor, stamp=stamp) as kept:
        names = {name: fields[name] for name in NAME_FIELDS if name in fields}
        save_if_changed(kept, **names, **({} if kept.pk else {"origin": origin}))
        set_links(kept, "themes", themes, by=actor)
        if tags is not None:
            set_links(kept, "tags", tags_called(tags), by=actor)
        _put_points(kept, points)
        _put_affiliations(kept, affiliations, actor)
    return kept


@contextmanager
def changing_contact(*, contact: Contact | None, actor: User, stamp: str = "") -> Iterator[Contact]:
    """The contact as it is now, locked, to be changed inside; afterwards search and timeline know."""
    with transaction.atomic(), acting(actor):
        kept = Contact() if contact is None else Contact.objects.select_for_update().get(pk=contact.pk)
        before = picture_of(kept) if kept.pk else {}
        check(stamp, before)
        yield kept
        _record(kept, before, created=contact is None, actor=actor)


@transaction.atomic
def delete_contact(*, contact: Contact) -> None:
    """StillInUse when anything stands in the way: seats, interviews, mail, answers in the ledger."""
    delete_unused(Contact.objects.select_for_update().get(pk=contact.pk))


def _put_points(contact: Contact, points: Sequence[PointInput]) -> None:
    """A changed address is a new one: what was known of the old one (that it bounced) says nothing of it."""
    wanted = {(point.kind, point.value): point.preferred for point in points}
    there = {(point.kind, point.value): point for point in contact.contact_points.all()}
    for place, old in there.items():
        if place not in wanted:
            old.delete()
    # Those that are not preferred come first: one of a kind at any moment, so says the constraint.
    for (kind, value), preferred in sorted(wanted.items(), key=lambda one: one[1]):
        point = there.get((kind, value)) or ContactPoint(contact=contact, kind=kind, value=value)
        save_if_changed(point, preferred=preferred)


def _put_affiliations(contact: Contact, wanted: Sequence[AffiliationInput], actor: User) -> None:
    known = {row.pk: row for row in contact.affiliations.all()}
    for row in contact.affiliations.exclude(pk__in=[row.pk for row in wanted if row.pk]):
        row.delete()
    # Those that end come first: one current function per organisation, so says the constraint.
    for one in sorted(wanted, key=lambda one: one.ended_on is None):
        save_if_changed(
            known.get(one.pk or 0) or Affiliation(contact=contact),
            organisation_id=_organisation(one.organisation, actor).pk,
            **{name: getattr(one, name) for name in Affiliation.TEXTS},
            sector=one.sector,
            started_on=one.started_on,
            ended_on=one.ended_on,
        )


def _organisation(organisation: Organisation | str, actor: User) -> Organisation:
    if isinstance(organisation, Organisation):
        return organisation
    return find_or_create_organisation(name=organisation, actor=actor)


def picture_of(contact: Contact) -> dict[str, str]:
    """What is compared with later; codes of choices stay codes, so that each reader gets their language."""
    points = list(contact.contact_points.order_by("-preferred", "pk"))
    affiliations = list(contact.affiliations.select_related("organisation").order_by("pk"))
    return {
        **{name: getattr(contact, name) for name in NAME_FIELDS},
        "themes": ", ".join(theme.name_nl for theme in contact.themes.all()),
        "tags": ", ".join(tag.name for tag in contact.tags.all()),
        "email": ", ".join(point.value for point in points if point.kind == ContactPoint.Kind.EMAIL),
        "phone": ", ".join(point.value for point in points if point.kind != ContactPoint.Kind.EMAIL),
        "affiliations": "; ".join(row.with_dates() for row in affiliations),
        "speaks_for": ", ".join(row.sector for row in affiliations if row.sector),
    }


def _record(contact: Contact, before: Picture, *, created: bool, actor: User) -> None:
    diff = difference(before, picture_of(contact))
    if not created and not diff:
        return
    Contact.objects.filter(pk=contact.pk).update(updated_at=timezone.now())
    words = {"by": str(actor)} | ({"diff": diff} if diff else {})
    tell(Happening(CREATED if created else CHANGED, [contact.pk], words=words, by=actor))
