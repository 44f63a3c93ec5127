"""Writing organisations."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import transaction
from django.utils import timezone

from crm.accounts.models import User
from crm.base.conflicts import Picture, check, difference
from crm.base.happenings import Happening, about, tell
from crm.base.parts import delete_unused
from crm.base.tracking import acting, save_if_changed, set_links
from crm.organisations.happenings import CHANGED, CREATED
from crm.organisations.models import Organisation, OrganisationAlias, OrganisationSector
from crm.organisations.names import organisation_key
from crm.themes.services import tags_called

DETAILS = {
    "website",
    "kvk_number",
    "street",
    "house_number",
    "postcode",
    "city",
    "country",
    "size_class",
}


@transaction.atomic
def save_organisation(
    *,
    organisation: Organisation | None,
    name: str,
    sectors: Iterable[str],
    primary: str,
    aliases: Iterable[str],
    actor: User,
    parent: Organisation | None = None,
    tags: Iterable[str] | None = None,
    stamp: str = "",
    **details: str,
) -> Organisation:
    """Make an organisation, or change this one; nothing is recorded when nothing changed.

    `tags` are names, None leaves them as they are. `primary` is one of `sectors`, or "" when there are none.
    An alias equal to the name is left out. `details` are any of DETAILS; those not named stay.
    ValidationError for a parent that is part of it, ChangedMeanwhile when the organisation is not what it
    was when `stamp` was made.
    """
    if parent is not None:
        _one_at_a_time()
        parent = Organisation.objects.get(pk=parent.pk)  # as it is now, not when the form was read
    with changing_organisation(organisation=organisation, actor=actor, stamp=stamp) as kept:
        known = {field: details[field] for field in DETAILS & details.keys()}
        Organisation(pk=kept.pk, parent=parent).clean()
        save_if_changed(kept, name=name, parent=parent, **known)
        _put_sectors(kept, set(sectors), primary)
        _put_aliases(kept, aliases)
        if tags is not None:
            set_links(kept, "tags", tags_called(tags), by=actor)
    return kept


@contextmanager
def changing_organisation(
    *, organisation: Organisation | None, actor: User, stamp: str = ""
) -> Iterator[Organisation]:
    """The organisation as it is now, locked, to be changed inside; afterwards search and timeline know."""
    with transaction.atomic(), acting(actor):
        kept = _locked(organisation)
        before = picture_of(kept) if kept.pk else {}
        check(stamp, before)
        yield kept
        _record(kept, before, created=organisation is None, actor=actor)


def find_or_create_organisation(*, name: str, actor: User) -> Organisation:
    """The organisation that goes by `name`, made without an O when there is none."""
    found = Organisation.objects.known_as(name).first()
    return found or save_organisation(
        organisation=None, name=name, sectors=[], primary="", aliases=[], actor=actor
    )


def _one_at_a_time() -> None:
    """Two who change what is part of what may each be right, and together make a circle."""
    Organisation.objects.select_for_update().order_by("pk").first()


@transaction.atomic
def delete_organisation(*, organisation: Organisation) -> None:
    """StillInUse when anything stands in the way: people, seats, interviews, parts of it."""
    delete_unused(_locked(organisation))


def _locked(organisation: Organisation | None) -> Organisation:
    if organisation is None:
        return Organisation()
    return Organisation.objects.select_for_update().get(pk=organisation.pk)


def _put_sectors(organisation: Organisation, sectors: set[str], primary: str) -> None:
    there = {row.sector: row for row in organisation.sectors.all()}
    for sector in there.keys() - sectors:
        there[sector].delete()
    # The primary one comes last: one at any moment, so says the constraint.
    for sector in sorted(sectors, key=lambda sector: (sector == primary, sector)):
        row = there.get(sector) or OrganisationSector(organisation=organisation, sector=sector)
        save_if_changed(row, primary=sector == primary)


def _put_aliases(organisation: Organisation, aliases: Iterable[str]) -> None:
    wanted = {organisation_key(alias): alias for alias in aliases}
    wanted.pop(organisation.key, None)
    for alias in organisation.aliases.all():
        if wanted.get(alias.key) == alias.name:
            del wanted[alias.key]
        else:
            alias.delete()
    for name in wanted.values():
        OrganisationAlias.objects.create(organisation=organisation, name=name)


def picture_of(organisation: Organisation) -> dict[str, str]:
    return {
        "name": organisation.name,
        **{field: getattr(organisation, field) for field in sorted(DETAILS)},
        "parent": str(organisation.parent or ""),
        "sectors": ", ".join(row.sector for row in organisation.sectors.order_by("-primary", "pk")),
        "tags": ", ".join(tag.name for tag in organisation.tags.all()),
        "aliases": ", ".join(alias.name for alias in organisation.aliases.order_by("pk")),
    }


def _record(organisation: Organisation, before: Picture, *, created: bool, actor: User) -> None:
    diff = difference(before, picture_of(organisation))
    if not created and not diff:
        return
    Organisation.objects.filter(pk=organisation.pk).update(updated_at=timezone.now())
    words = {"by": str(actor), "title": organisation.name} | ({"diff": diff} if diff else {})
    kind = CREATED if created else CHANGED
    tell(Happening(kind, organisation=organisation.pk, about=about(organisation), words=words, by=actor))
