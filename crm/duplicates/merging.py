"""Merging what is known twice, and undoing it, also later and after edits."""

from collections.abc import Collection
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import ForeignKey, ManyToOneRel, Model, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.base.happenings import Happening, Kind, about, tell
from crm.base.tracking import acting
from crm.contacts.models import Contact
from crm.contacts.services import NAME_FIELDS
from crm.duplicates.clashes import AFTERWARDS, DERIVED, RESOLVERS, clashing, fill_gaps, may_clash
from crm.duplicates.happenings import MERGED, UNMERGED
from crm.duplicates.journal import Journal
from crm.duplicates.models import DuplicatePair, Merge
from crm.organisations.models import Organisation, OrganisationAlias
from crm.organisations.services import DETAILS

CHOSEN: dict[type[Model], tuple[str, ...]] = {
    Contact: (*NAME_FIELDS, "external_id"),
    Organisation: ("name", *sorted(DETAILS), "external_id"),
}
T = TypeVar("T", Contact, Organisation)


class CannotMerge(ValueError):
    """The message says why, in the user's language."""


class CannotUndo(ValueError):
    """The message says why, in the user's language."""


@transaction.atomic
def merge(*, kept: T, gone: T, from_gone: Collection[str] = (), by: User) -> Merge:
    """Make one of two: everything that points at `gone` points at `kept` afterwards, and `gone` is no more.

    The fields named in `from_gone` (of CHOSEN) get the value of `gone`, and so do those that are empty.
    Everything done is noted in the Merge, for undo(). CannotMerge when one of them is not there any more.
    """
    model = type(kept)
    both = {row.pk: row for row in model._base_manager.select_for_update().filter(pk__in=[kept.pk, gone.pk])}
    if len(both) != 2:
        raise CannotMerge(_("One of these is not there any more, or both are the same."))
    kept, gone = both[kept.pk], both[gone.pk]
    journal = Journal(by=by, reason=_("merged with %(name)s") % {"name": gone})
    with acting(by):
        if isinstance(kept, Organisation):
            _leave_the_family(journal, kept, gone)
        _absorb(journal, kept, gone)
        journal.remove(gone)
        _take_over(journal, kept, gone, from_gone)
        for finish in AFTERWARDS:
            finish(journal, kept)
    merged = _kept_record(kept, gone, journal, by)
    _tell(kept, MERGED, merged, by)
    return merged


def _leave_the_family(journal: Journal, kept: Any, gone: Any) -> None:
    """A part of what goes becomes a part of what that was a part of, or it would become its own."""
    if gone in kept.ancestors():
        journal.change(kept, parent_id=gone.parent_id)


def _absorb(journal: Journal, kept: Any, gone: Any) -> None:
    """Let everything that points at `gone` point at `kept`; rows that clash become one in the same way."""
    for model, field in pointing_at(type(kept)):
        rows = model._base_manager.filter(**{field: gone}).order_by("pk")
        if model in DERIVED:
            rows.delete()
        elif may_clash(model, field):
            for row in rows:
                _move_one(journal, row, field, kept, gone)
        else:
            journal.move(model, field, list(rows.values_list("pk", flat=True)), kept.pk, gone.pk)


def _move_one(journal: Journal, row: Any, field: str, kept: Any, gone: Any) -> None:
    there = clashing(row, field, kept)
    if there is None:
        journal.move(type(row), field, [row.pk], kept.pk, gone.pk)
    elif resolver := RESOLVERS.get(type(row)):
        resolver(journal, there, row, {f"{field}_id": kept.pk})
    else:
        one_of_two(journal, there, row)


def one_of_two(journal: Journal, there: Any, coming: Any) -> None:
    """The default for rows that clash: fill the gaps, move what points, remove."""
    fill_gaps(journal, there, coming)
    _absorb(journal, there, coming)
    journal.remove(coming)


def pointing_at(model: type[Model]) -> list[tuple[Any, str]]:
    """(model, field) of every foreign key to `model`, those between two sides of a many-to-many included.

    History rows point without a constraint: they tell what was, and stay as they are.
    """
    relations = model._meta.get_fields(include_hidden=True)
    keys: list[Any] = [
        relation.field
        for relation in relations
        if isinstance(relation, ManyToOneRel) and isinstance(relation.field, ForeignKey)
    ]
    return [(field.model, field.name) for field in keys if field.db_constraint]


def _take_over(journal: Journal, kept: Any, gone: Any, from_gone: Collection[str]) -> None:
    """The chosen fields, the empty ones, and the latest day of which a spreadsheet told."""
    names = CHOSEN[type(kept)]
    wanted = {
        name: getattr(gone, name)
        for name in names
        if name in from_gone or (getattr(kept, name) == "" and getattr(gone, name))
    }
    if isinstance(kept, Contact):
        days = [day for day in (kept.told_heard_on, gone.told_heard_on) if day]
        wanted |= {"told_heard_on": max(days)} if days else {}
    old_name = str(kept)
    journal.change(kept, **wanted)
    _keep_keys(journal, kept)
    if isinstance(kept, Organisation):
        _keep_names(journal, kept, [old_name, str(gone)])


def _keep_keys(journal: Journal, kept: Any) -> None:
    """What save() would derive from the names."""
    again = type(kept)._base_manager.get(pk=kept.pk)
    again.set_keys()
    derived = ("sort_key", "surname_key") if isinstance(kept, Contact) else ("key",)
    journal.change(kept, **{name: getattr(again, name) for name in derived})


def _keep_names(journal: Journal, kept: Organisation, names: list[str]) -> None:
    for name in names:
        alias = OrganisationAlias(organisation=kept, name=name)
        alias.set_key()
        if alias.key != kept.key and not kept.aliases.filter(key=alias.key).exists():
            journal.add(alias)


def _kept_record(kept: Any, gone: Any, journal: Journal, by: User) -> Merge:
    noun = kept._meta.model_name
    pairs = DuplicatePair.objects.filter(noun=noun)
    pairs.filter(Q(a=gone.pk) | Q(b=gone.pk)).delete()
    return Merge.objects.create(
        **{noun: kept},
        into_key=kept.pk,
        gone_key=gone.pk,
        gone_name=str(gone)[:300],
        journal=journal.steps,
        merged_by=by,
    )


@transaction.atomic
def undo(*, merged: Merge, by: User) -> Merge:
    """Take a merge back; what was changed since stays as it is and is said in `left`.

    CannotUndo when it was undone already, or when the kept one went in a later merge: that one goes first.
    """
    merged = Merge.objects.select_for_update().get(pk=merged.pk)
    kept = merged.kept
    if merged.undone_at is not None:
        raise CannotUndo(_("This merge was undone already."))
    if kept.pk != merged.into_key:
        raise CannotUndo(_("It was merged once more since, into %(name)s. Undo that first.") % {"name": kept})
    journal = Journal(by=by, reason=_("merge undone"))
    with acting(by):
        said = [words for step in reversed(merged.journal) for words in journal.take_back(step)]
    merged.undone_at, merged.undone_by, merged.left = timezone.now(), by, said
    merged.save(update_fields=["undone_at", "undone_by", "left"])
    _settle_undone(merged, by)
    return merged


def _settle_undone(merged: Merge, by: User) -> None:
    """Both are there again, and are not proposed as the same again."""
    model = type(merged.kept)
    low, high = sorted([merged.into_key, merged.gone_key])
    DuplicatePair.objects.update_or_create(
        noun=model._meta.model_name,
        a=low,
        b=high,
        defaults={"state": DuplicatePair.State.DIFFERENT, "score": 0.0},
    )
    for row in model._base_manager.filter(pk__in=[low, high]):
        _tell(row, UNMERGED, merged, by)


def _tell(row: Any, kind: Kind, merged: Merge, by: User) -> None:
    """Search and timeline know of it, and so does whoever has the form open."""
    type(row)._base_manager.filter(pk=row.pk).update(updated_at=timezone.now())
    words = {"by": str(by), "title": merged.gone_name}
    what: dict[str, Any] = {"about": about(merged), "words": words, "by": by}
    if isinstance(row, Contact):
        tell(Happening(kind, [row.pk], **what))
    else:
        tell(Happening(kind, organisation=row.pk, **what))
