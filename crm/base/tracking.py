"""Keeping who changed what, by django-simple-history: it sees each row that is saved by itself; what is
written in bulk, and the rows between two sides of a many-to-many, are told to it here.
"""

import json
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from types import SimpleNamespace
from typing import Any, Literal

from django.db import connection, transaction
from django.db.models import Model, QuerySet
from django.utils import timezone
from simple_history.manager import HistoryManager
from simple_history.models import HistoricalRecords

from crm.accounts.models import User
from crm.base import bulk_rows
from crm.base.said import Said, as_text

Kind = Literal["+", "~", "-"]
_BATCH = 5000


class _Manager(HistoryManager):
    @classmethod
    @cache
    def from_queryset(cls, queryset_class: type[QuerySet[Any]], class_name: str | None = None) -> Any:
        """Made once: django-simple-history makes this class anew whenever it looks at a row's history, which
        takes longer than saving the row."""
        return super().from_queryset(queryset_class, class_name)


class History(HistoricalRecords):
    """What a model declares whose rows remember who changed what."""

    def __init__(self, **options: Any) -> None:
        super().__init__(history_manager=_Manager, **options)


@contextmanager
def acting(user: User | None) -> Iterator[None]:
    """Whoever is behind the changes made inside; a request tells by itself, background work does it so."""
    context = HistoricalRecords.context
    before = getattr(context, "request", None)
    context.request = SimpleNamespace(user=user)
    try:
        yield
    finally:
        context.request = before


def save_if_changed(row: Model, **values: Any) -> bool:
    """Save `row` with these values if it is new or any differs, so that the history has no empty lines."""
    different = [name for name, value in values.items() if getattr(row, name) != value]
    for name in different:
        setattr(row, name, values[name])
    if different or row._state.adding:
        row.save()
        return True
    return False


def keep(
    model: Any, keys: Collection[int], kind: Kind, *, by: User | None, reason: Said | None = None
) -> None:
    """Write the history of rows written in bulk, as they are in the database now, in a few statements.

    `kind` is "+" for new rows, "~" for changed ones, and "-" for those about to be deleted. `reason` says
    what caused it, such as a file.
    """
    history = model.history.model
    columns = ", ".join(connection.ops.quote_name(field.column) for field in history.tracked_fields)
    postgres = connection.vendor == "postgresql"
    wanted = "SELECT unnest(%s::bigint[])" if postgres else "SELECT value FROM json_each(%s)"
    sql = (  # only names of our own tables and columns are put in; every value is bound
        f"INSERT INTO {history._meta.db_table} "  # noqa: S608
        f"({columns}, history_date, history_change_reason, history_type, history_user_id) "
        f"SELECT {columns}, %s, %s, %s, %s FROM {model._meta.db_table} WHERE id IN ({wanted}) ORDER BY id"
    )
    told = [timezone.now(), as_text(reason) if reason else None, kind, by.pk if by else None]
    ordered = sorted(keys)
    for start in range(0, len(ordered), _BATCH):
        batch = ordered[start : start + _BATCH]
        bulk_rows.write(sql, [*told, bulk_rows.array(batch) if postgres else json.dumps(batch)])


@transaction.atomic
def set_links(owner: Model, name: str, others: Iterable[Model], *, by: User | None) -> bool:
    """Make the many-to-many `name` of `owner` exactly `others`; whether that changed anything."""
    through, mine, theirs = _link(type(owner), name)
    wanted = {other.pk for other in others}
    there = dict(through.objects.filter(**{mine: owner.pk}).values_list(theirs, "pk"))
    gone = [key for other, key in there.items() if other not in wanted]
    _remove(through, gone, by)
    new = [through(**{mine: owner.pk, theirs: other}) for other in wanted - there.keys()]
    _add(through, new, by)
    return bool(gone or new)


@transaction.atomic
def add_link(
    model: type[Model],
    owners: Iterable[int],
    name: str,
    other: int,
    *,
    by: User | None,
    reason: Said | None = None,
) -> list[int]:
    """Link each of `owners` to `other`; the keys of those that were not linked yet."""
    through, mine, theirs = _link(model, name)
    wanted = list(owners)
    there = set(through.objects.filter(**{f"{mine}__in": wanted, theirs: other}).values_list(mine, flat=True))
    missing = [owner for owner in wanted if owner not in there]
    _add(through, [through(**{mine: owner, theirs: other}) for owner in missing], by, reason)
    return missing


@transaction.atomic
def remove_link(
    model: type[Model],
    owners: Iterable[int],
    name: str,
    other: int,
    *,
    by: User | None,
    reason: Said | None = None,
) -> list[int]:
    """Undo add_link; the keys of those that were linked."""
    through, mine, theirs = _link(model, name)
    rows = dict(
        through.objects.filter(**{f"{mine}__in": list(owners), theirs: other}).values_list("pk", mine)
    )
    _remove(through, list(rows), by, reason)
    return list(rows.values())


def _link(model: type[Model], name: str) -> tuple[Any, str, str]:
    """The table in between, and its columns for `model` and for the other side."""
    field: Any = model._meta.get_field(name)
    return field.remote_field.through, f"{field.m2m_field_name()}_id", f"{field.m2m_reverse_field_name()}_id"


def _add(through: Any, rows: list[Model], by: User | None, reason: Said | None = None) -> None:
    made = through.objects.bulk_create(rows, batch_size=_BATCH)
    keep(through, [row.pk for row in made], "+", by=by, reason=reason)


def _remove(through: Any, keys: list[int], by: User | None, reason: Said | None = None) -> None:
    keep(through, keys, "-", by=by, reason=reason)
    through.objects.filter(pk__in=keys)._raw_delete(through.objects.db)
