"""Parts of the strategy: a kind of rows that the import knows."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.imports.kinds import Planner, RowKind, Thing, register, thing_of
from crm.imports.models import ImportRow
from crm.imports.planning.layouts import Layout
from engagement.strategy import imported
from engagement.strategy.exports import COLUMNS
from engagement.strategy.models import StrategyItem

_LABELS = {name: label for name, (label, _cell) in COLUMNS.items()}
_WORDS = {"item_aspect": StrategyItem.Aspect, "item_state": StrategyItem.State}


def _planner(layout: Layout, _sample: Any, _earlier: Any) -> tuple[Planner, Callable[[Any], Any]]:
    return imported.ItemPlanner(), imported.ItemReader(layout.mapping).read


def _things(rows: Sequence[ImportRow]) -> Mapping[int, Thing]:
    """What each row says, with the page of the part that it is about."""
    keys = [key for row in rows if (key := row.values.get("item_key"))]
    pages = {str(one.uuid): one.get_absolute_url() for one in StrategyItem.objects.filter(uuid__in=keys)}
    return {row.position: _thing(row, pages) for row in rows}


def _thing(row: ImportRow, pages: Mapping[str, str]) -> Thing:
    values = {**imported.blank(), **row.values}
    words = f"{values['item_code']} {values['title_nl']}".strip()
    labels = {name: _LABELS[name] for name in imported.SAYS}
    return thing_of(words, pages.get(values["item_key"], ""), labels, row, in_words=_in_words)


def _in_words(name: str, value: str) -> str:
    return str(_WORDS[name](value).label) if value and name in _WORDS else value


register(
    RowKind(
        name="strategy",
        label=_("parts of the strategy"),
        place=7,
        map_columns=imported.map_columns,
        claims=imported.claims,
        lacks=imported.lacks,
        reads=imported.READ,
        planner=_planner,
        blank=imported.blank,
        write=imported.write,
        undo=imported.undo,
        fields=_LABELS,
        once=imported.READ,
        things=_things,
    )
)
