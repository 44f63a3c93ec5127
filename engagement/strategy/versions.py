"""What changed in a part of the strategy: its texts in versions, all else beside them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from crm.history.changes import field_value
from engagement.strategy.models import StrategyItem

TEXTS = ("title_nl", "text_nl", "title_en", "text_en")
_REST = ("parent", "owner", "owner_contact", "aspect", "state", "progress")
_DAYS = ("stalled_since", "starts_on", "ends_on")


@dataclass(frozen=True)
class Version:
    """`number` counts the texts from 1, `is_text` where they changed; `changes` are (what, old, new) in
    words, none of the first one.
    """

    number: int
    is_text: bool
    at: datetime
    by: str
    changes: Sequence[tuple[str, str, str]]


def versions(item: StrategyItem) -> list[Version]:
    """The newest first; what changed nothing that is shown is left out."""
    related = ("history_user", "parent", "owner", "owner_contact")
    rows = list(item.history.select_related(*related).order_by("history_date", "history_id"))
    if not rows:
        return []
    found = [Version(1, True, rows[0].history_date, _who(rows[0]), [])]
    for before, row in pairwise(rows):
        names = [name for name in (*TEXTS, *_REST, *_DAYS) if _differs(before, row, name)]
        if names:
            is_text = bool(set(names) & set(TEXTS))
            changes = [_change(before, row, name) for name in names]
            found.append(Version(found[-1].number + is_text, is_text, row.history_date, _who(row), changes))
    return found[::-1]


def _differs(before: Any, row: Any, name: str) -> bool:
    column = row._meta.get_field(name).attname
    return bool(getattr(before, column) != getattr(row, column))


def _change(before: Any, row: Any, name: str) -> tuple[str, str, str]:
    label = str(row._meta.get_field(name).verbose_name)
    return label, field_value(before, name), field_value(row, name)


def _who(row: Any) -> str:
    return str(row.history_user or "")
