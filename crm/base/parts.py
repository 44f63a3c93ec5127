"""What belongs to a contact or an organisation, declared once by the noun that owns it, in a file `parts.py`.

Deleting, undoing an import, merging and undoing that, the history, and "where is this used" read it here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any, Literal, Protocol

from django.db import models, transaction
from django.db.models import Model, QuerySet
from django.utils.functional import Promise

_MOST_SHOWN = 5


class Journal(Protocol):
    """What a merge changes rows by, so that it can be taken back; see crm/duplicates/journal.py."""

    def change(self, row: Model, **columns: Any) -> None: ...
    def remove(self, row: Model) -> None: ...
    def add(self, row: Model) -> None: ...


# (journal, the row that is there, the row that comes, {column: key of the kept side})
Clash = Callable[[Journal, Any, Any, dict[str, int]], None]
OnMerge = Literal["move", "drop", "leave"]


@dataclass(frozen=True)
class Part:
    """Rows of `model` whose field `owner` names a row of `whole`; see declare()."""

    model: Any
    owner: str
    whole: type[Model]
    held: bool = False
    imported: bool = False
    history: bool = False
    derived: bool = False
    quiet: bool = False
    clash: Clash | None = None
    on_merge: OnMerge = "move"
    called: Promise | str = ""
    page: str = ""
    former: str = ""
    # Of a soft key only: which rows point with it at `whole`.
    where: Mapping[str, Any] = field(default_factory=dict)
    is_soft: bool = False

    @property
    def forgets(self) -> bool:
        """Whether it merely remembers: the field is emptied when the owner goes, or keeps a key of nobody."""
        if self.is_soft:
            return True
        relation = self.model._meta.get_field(self.owner).remote_field
        return relation.on_delete in (models.SET_NULL, models.DO_NOTHING)

    def key(self, number: int) -> Any:
        """The key of an owner as this field has it: some soft keys are text."""
        return self.model._meta.get_field(self.owner).to_python(number) if self.is_soft else number

    def rows(self, owners: Collection[int]) -> QuerySet[Any]:
        """The rows that belong to these."""
        keys = [self.key(number) for number in owners]
        found: QuerySet[Any] = self.model._base_manager.filter(**self.where, **{f"{self.owner}__in": keys})
        return found


@dataclass(frozen=True)
class Whole:
    """What parts belong to, and what merging two of them means for the row itself.

    Of `fields` a person chooses from which side they come. `prepare` is called with (journal, kept, gone)
    before anything moves, `settle` with (journal, kept, gone, old name of kept) when all has moved.
    """

    model: type[Model]
    fields: tuple[str, ...]
    prepare: Callable[[Journal, Any, Any], None]
    settle: Callable[[Journal, Any, Any, str], None]


_PARTS: list[Part] = []
_WHOLES: dict[type[Model], Whole] = {}
AfterMerge = Callable[[Journal, Any], None]
# Called with (journal, kept) at the end of a merge.
AFTER_MERGE: list[AfterMerge] = []
# Called with (model, keys): (key of the one that went, key of the one that stays) of each merge of these.
FindMerges = Callable[[type[Model], Collection[int]], Iterable[tuple[int, int]]]
FIND_MERGES: list[FindMerges] = []


def declare(model: Any, owner: str, **what: Any) -> Part:
    """Declare that the foreign key `owner` of `model` points at a contact or organisation. `what` may hold

    held: the rows go when the owner goes (else they stand in the way of deleting it, unless they only
    remember); imported: they also go when an import that brought the owner in is undone, since it wrote them;
    history: their changes are told, and forgotten, with those of the owner; derived: they are made anew from
    the rest; clash: how two rows of which there can be only one become one in a merge (else the one that is
    there stays and takes over what it does not know); on_merge: "leave" for what tells of the past, "drop";
    called: how the rows are called, in the plural; page: what shows them ("seat.body"), "" for themselves;
    quiet: nobody sees them as such; former: their field with a key under which the owner was known before,
    since history stands under that too.
    """
    part = Part(model, owner, model._meta.get_field(owner).related_model, **what)
    _PARTS.append(part)
    return part


def declare_soft(model: Any, owner: str, whole: type[Model], **what: Any) -> Part:
    """The same for a key without a relation, of the rows that fulfil `where`. It never stands in the way."""
    part = Part(model, owner, whole, is_soft=True, **what)
    _PARTS.append(part)
    return part


def declare_whole(whole: Whole) -> None:
    _WHOLES[whole.model] = whole


def parts_of(model: type[Model]) -> list[Part]:
    """All that is declared to belong to rows of `model`, in the order of declaration."""
    return [part for part in _PARTS if part.whole is model]


def whole_of(model: type[Model]) -> Whole:
    return _WHOLES[model]


def merges_among(model: type[Model], keys: Collection[int]) -> list[tuple[int, int]]:
    """(key of the one that went, key of the one that stays) of the merges of these; see FIND_MERGES."""
    return [pair for find in FIND_MERGES for pair in find(model, keys)] if keys else []


def words_of(model: type[Model]) -> str:
    """How rows of `model` are called in a sentence."""
    called = next((part.called for part in _PARTS if part.model is model and part.called), "")
    return str(called or model._meta.verbose_name_plural or "")


@dataclass(frozen=True)
class Use:
    """`places` are rows with a page of their own, a few of them."""

    words: str
    count: int
    places: list[Model]


class StillInUse(Exception):
    def __init__(self, uses: list[Use]) -> None:
        super().__init__(", ".join(f"{use.words}: {use.count}" for use in uses))
        self.uses = uses


def uses_of(row: Model) -> list[Use]:
    """Everything that points at `row` but for what goes with it, and for what forgets it when it goes."""
    uses = [_use(part, part.rows([row.pk])) for part in parts_of(type(row)) if not _goes(part)]
    return [use for use in uses if use.count]


def _goes(part: Part) -> bool:
    return part.held or part.derived or part.forgets


def _use(part: Part, rows: QuerySet[Any]) -> Use:
    some = rows.order_by("-pk")[:_MOST_SHOWN]
    places = [attrgetter(part.page)(row) if part.page else row for row in some]
    unique = list(dict.fromkeys(place for place in places if hasattr(place, "get_absolute_url")))
    return Use(str(part.called), rows.count(), unique)


@transaction.atomic
def delete_unused(row: Model) -> None:
    """Delete `row`, which the caller has locked, with what is its own and all history; StillInUse when
    something stands in the way.
    """
    if uses := uses_of(row):
        raise StillInUse(uses)
    parts, keys = parts_of(type(row)), [row.pk]
    for part in parts:
        if part.former:
            keys += part.rows([row.pk]).values_list(part.former, flat=True)
    for part in parts:
        if part.is_soft and part.held:
            part.rows([row.pk]).delete()
    model: Any = type(row)
    row.delete()
    model.history.filter(id__in=keys).delete()
    for part in parts:
        if part.history:
            part.model.history.filter(**{f"{part.owner}__in": keys}).delete()


def used_among(model: type[Model], keys: Collection[int]) -> dict[int, Part]:
    """Of many rows that an import brought in, those in use by more than that, each with its first use."""
    found: dict[int, Part] = {}
    for part in parts_of(model):
        if not (_goes(part) or part.imported):
            for key in part.rows(keys).order_by().values_list(part.owner, flat=True).distinct():
                found.setdefault(key, part)
    return found


def delete_with_parts(model: Any, keys: Sequence[int]) -> None:
    """Delete rows that are not in use, with their parts and all history, in a few statements."""
    for part in parts_of(model):
        if part.held or part.derived or part.imported:
            part.rows(keys)._raw_delete("default")
            if part.history:
                part.model.history.filter(**{f"{part.owner}__in": keys})._raw_delete("default")
    model._base_manager.filter(pk__in=keys).delete()
