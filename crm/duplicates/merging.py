"""Merging what is known twice, and undoing it, also later and after edits."""

from collections.abc import Collection
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import ForeignKey, ManyToOneRel, Model
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.base.happenings import Happening, Kind, about, tell
from crm.base.parts import AFTER_MERGE, Clash, Part, parts_of, whole_of
from crm.base.tracking import acting
from crm.contacts.models import Contact
from crm.duplicates.clashes import clashing, fill_gaps, may_clash
from crm.duplicates.happenings import MERGED, UNMERGED
from crm.duplicates.journal import Journal
from crm.duplicates.models import DuplicatePair, Merge
from crm.duplicates.said import MERGE_UNDONE, MERGED_WITH
from crm.organisations.models import Organisation

T = TypeVar("T", Contact, Organisation)


class CannotMerge(ValueError):
    """The message says why, in the user's language."""


class CannotUndo(ValueError):
    """The message says why, in the user's language."""


@transaction.atomic
def merge(*, kept: T, gone: T, from_gone: Collection[str] = (), by: User) -> Merge:
    """Make one of two: everything that points at `gone` points at `kept` afterwards, and `gone` is no more.

    The fields named in `from_gone` (of Whole.fields) get the value of `gone`, and so do those that are empty.
    Everything done is noted in the Merge, for undo(). CannotMerge when one of them is not there any more.
    """
    model = type(kept)
    both = {row.pk: row for row in model._base_manager.select_for_update().filter(pk__in=[kept.pk, gone.pk])}
    if len(both) != 2:
        raise CannotMerge(_("One of these is not there any more, or both are the same."))
    kept, gone = both[kept.pk], both[gone.pk]
    journal = Journal(by=by, reason=MERGED_WITH(name=str(gone)))
    with acting(by):
        whole, old_name = whole_of(model), str(kept)
        whole.prepare(journal, kept, gone)
        for part in parts_of(model):
            _move(journal, part, kept, gone)
        journal.remove(gone)
        _take_over(journal, kept, gone, whole.fields, from_gone)
        whole.settle(journal, kept, gone, old_name)
        for finish in AFTER_MERGE:
            finish(journal, kept)
    merged = _kept_record(kept, gone, journal, by)
    _tell(kept, MERGED, merged, by)
    return merged


def _move(journal: Journal, part: Part, kept: Any, gone: Any) -> None:
    """Let what belongs to `gone` belong to `kept`."""
    rows = part.rows([gone.pk]).order_by("pk")
    if part.derived or part.on_merge == "drop":
        rows.delete()
    elif part.on_merge == "move" and part.is_soft:
        for row in rows:
            journal.change(row, **{part.owner: part.key(kept.pk)})
    elif part.on_merge == "move":
        _move_rows(journal, part.model, part.owner, kept, gone, part.clash)


def _move_rows(
    journal: Journal, model: Any, field: str, kept: Any, gone: Any, clash: Clash | None = None
) -> None:
    """Let the relation `field` of the rows that point at `gone` point at `kept`."""
    rows = model._base_manager.filter(**{field: gone}).order_by("pk")
    if may_clash(model, field):
        for row in rows:
            _move_one(journal, row, field, kept, gone, clash)
    else:
        journal.move(model, field, list(rows.values_list("pk", flat=True)), kept.pk, gone.pk)


def _move_one(journal: Journal, row: Any, field: str, kept: Any, gone: Any, clash: Clash | None) -> None:
    there = clashing(row, field, kept)
    if there is None:
        journal.move(type(row), field, [row.pk], kept.pk, gone.pk)
    elif clash:
        clash(journal, there, row, {f"{field}_id": kept.pk})
    else:
        one_of_two(journal, there, row)


def one_of_two(journal: Any, there: Any, coming: Any) -> None:
    """The default for rows that clash: fill the gaps, move what points, remove."""
    fill_gaps(journal, there, coming)
    for model, field in _pointing_at(type(coming)):
        _move_rows(journal, model, field, there, coming)
    journal.remove(coming)


def _pointing_at(model: type[Model]) -> list[tuple[Any, str]]:
    """(model, field) of every foreign key to `model`, those between two sides of a many-to-many included."""
    relations = model._meta.get_fields(include_hidden=True)
    keys: list[Any] = [
        relation.field
        for relation in relations
        if isinstance(relation, ManyToOneRel) and isinstance(relation.field, ForeignKey)
    ]
    return [(field.model, field.name) for field in keys if field.db_constraint]


def _take_over(
    journal: Journal, kept: Any, gone: Any, fields: Collection[str], from_gone: Collection[str]
) -> None:
    """Those of `fields` that were chosen from the other side, and those that are empty on this one."""
    wanted = {
        name: getattr(gone, name)
        for name in fields
        if name in from_gone or (getattr(kept, name) == "" and getattr(gone, name))
    }
    journal.change(kept, **wanted)


def _kept_record(kept: Any, gone: Any, journal: Journal, by: User) -> Merge:
    noun = kept._meta.model_name
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
    journal = Journal(by=by, reason=MERGE_UNDONE())
    with acting(by):
        left = [said for step in reversed(merged.journal) for said in journal.take_back(step)]
    merged.undone_at, merged.undone_by, merged.left = timezone.now(), by, left
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
