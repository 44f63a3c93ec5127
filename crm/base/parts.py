"""Where something is still used, in words: nothing that is used is deleted.

Whatever points at a row stands in the way of deleting it, unless its noun says that it is a part of the row.
So what a later noun brings is safe by itself; it only tells here how to call its rows.
"""

from collections.abc import Collection
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from django.db import models, transaction
from django.db.models import Model
from django.utils.functional import Promise

_MOST_SHOWN = 5


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


_NAMES: dict[type[Model], tuple[Promise | str, str]] = {}


def call_it(model: type[Model], words: Promise | str, *, page: str = "") -> None:
    """How rows of `model` are called; `page` names what shows them ("seat.body"), "" for themselves."""
    _NAMES[model] = (words, page)


def words_of(model: type[Model]) -> str:
    """How rows of `model` are called in a sentence."""
    words, _page = _NAMES.get(model, (model._meta.verbose_name_plural or "", ""))
    return str(words)


def uses_of(row: Model, *, own: Collection[type[Model]]) -> list[Use]:
    """Everything that points at `row` but for what is `own`, and for what merely forgets it when it goes."""
    found = []
    for relation in row._meta.get_fields(include_hidden=True):
        if isinstance(relation, models.ForeignObjectRel) and _counts(relation, own):
            pointing: Any = relation.related_model
            rows = pointing._base_manager.filter(**{relation.field.name: row})
            if count := rows.count():
                found.append(_use(pointing, rows.order_by("-pk")[:_MOST_SHOWN], count))
    return found


def _counts(relation: models.ForeignObjectRel, own: Collection[type[Model]]) -> bool:
    pointing: Any = relation.related_model
    # The rows in between two sides of a many-to-many; the other side is counted itself.
    between = bool(pointing._meta.auto_created)
    # What only remembers: an emptied field, or the history, which outlives what it tells about.
    forgets = relation.on_delete in (models.SET_NULL, models.DO_NOTHING)
    return not between and not forgets and pointing not in own


def _use(pointing: type[Model], rows: models.QuerySet[Any], count: int) -> Use:
    page = _NAMES.get(pointing, ("", ""))[1]
    places = [attrgetter(page)(row) if page else row for row in rows]
    unique = list(dict.fromkeys(place for place in places if hasattr(place, "get_absolute_url")))
    return Use(words_of(pointing), count, unique)


@transaction.atomic
def delete_unused(row: Model, *, own: Collection[type[Model]]) -> None:
    """Delete `row`, which the caller has locked, with what is its own; StillInUse when it is not alone."""
    if uses := uses_of(row, own=own):
        raise StillInUse(uses)
    row.delete()


def used_among(model: type[Model], keys: Collection[int], *, own: Collection[type[Model]]) -> dict[int, str]:
    """Of many rows at once those that uses_of() would find in use, with the first use in words."""
    found: dict[int, str] = {}
    for relation in model._meta.get_fields(include_hidden=True):
        if isinstance(relation, models.ForeignObjectRel) and _counts(relation, own):
            pointing: Any = relation.related_model
            name = relation.field.name
            rows = pointing._base_manager.filter(**{f"{name}__in": keys}).order_by()
            words, _page = _NAMES.get(pointing, (pointing._meta.verbose_name_plural or "", ""))
            for key in rows.values_list(name, flat=True).distinct():
                found.setdefault(key, str(words))
    return found
