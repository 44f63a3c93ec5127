"""Parts of the strategy: a kind of rows that the import knows."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.contacts.models import Contact
from crm.imports.kinds import Planner, RowKind, Thing, register, thing_of
from crm.imports.models import ImportRow
from crm.imports.planning.layouts import Layout
from engagement.strategy.exports import COLUMNS
from engagement.strategy.imported import applying, columns
from engagement.strategy.imported.planning import ItemPlanner
from engagement.strategy.models import StrategyItem

_LABELS = {name: label for name, (label, _cell) in COLUMNS.items()}
_WORDS = {"item_aspect": StrategyItem.Aspect, "item_state": StrategyItem.State}


def _planner(layout: Layout, _sample: Any, _earlier: Any) -> tuple[Planner, Callable[[Any], Any]]:
    return ItemPlanner(), columns.ItemReader(layout.mapping).read


def _things(rows: Sequence[ImportRow]) -> Mapping[int, Thing]:
    """What each row says, with the page of the part that it is about."""
    keys = [key for row in rows if (key := row.values.get("item_key"))]
    pages = {str(one.uuid): one.get_absolute_url() for one in StrategyItem.objects.filter(uuid__in=keys)}
    named = [[row.values.get("item_contact"), *row.changes.get("item_contact", ())] for row in rows]
    numbers = {number for row in named for number in row if number}
    people = {str(one.pk): str(one) for one in Contact.objects.filter(pk__in=numbers)}
    return {row.position: _thing(row, pages, people) for row in rows}


def _thing(row: ImportRow, pages: Mapping[str, str], people: Mapping[str, str]) -> Thing:
    values = {**columns.blank(), **row.values}
    words = f"{values['item_code']} {values['title_nl']}".strip()
    moves = ["item_code"] if "item_code" in row.changes else []
    labels = {name: _LABELS[name] for name in (*moves, *columns.SAYS)}

    def in_words(name: str, value: str) -> str:
        if name == "item_contact":
            return people.get(value, value)
        return str(_WORDS[name](value).label) if value and name in _WORDS else value

    return thing_of(words, pages.get(values["item_key"], ""), labels, row, in_words=in_words)


register(
    RowKind(
        name="strategy",
        label=_("parts of the strategy"),
        place=7,
        map_columns=columns.map_columns,
        claims=columns.claims,
        lacks=columns.lacks,
        reads=columns.READ,
        planner=_planner,
        blank=columns.blank,
        write=applying.write,
        undo=applying.undo,
        fields=_LABELS,
        once=columns.READ,
        things=_things,
    )
)
