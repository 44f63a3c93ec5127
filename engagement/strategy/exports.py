"""The tree as a table that a spreadsheet program opens; imported.py reads it back as the same."""

from collections.abc import Callable
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.base.tables import Cell, Table, made_on
from engagement.strategy.models import StrategyItem
from engagement.strategy.tree import in_order

Read = Callable[[StrategyItem], Cell]


def _word(name: str) -> Promise | str:
    field: Any = StrategyItem._meta.get_field(name)
    label: Promise | str = field.verbose_name
    return label


# What a row says of a part, by what a list calls it: its heading, and its cell.
COLUMNS: dict[str, tuple[Promise | str, Read]] = {
    "item_code": (gettext_lazy("code in the strategy"), lambda item: item.code),
    "title_nl": (_word("title_nl"), lambda item: item.title_nl),
    "title_en": (_word("title_en"), lambda item: item.title_en),
    "text_nl": (_word("text_nl"), lambda item: item.text_nl),
    "text_en": (_word("text_en"), lambda item: item.text_en),
    "item_owner": (_word("owner"), lambda item: str(item.owner or "")),
    "item_aspect": (
        gettext_lazy("hardware or software"),
        lambda item: str(item.get_aspect_display()) if item.aspect else "",
    ),
    "item_state": (gettext_lazy("state of the part"), lambda item: str(item.get_state_display())),
    "progress": (_word("progress"), lambda item: str(item.progress)),
    "stalled_since": (_word("stalled_since"), lambda item: item.stalled_since or ""),
    "starts_on": (gettext_lazy("runs from"), lambda item: item.starts_on or ""),
    "ends_on": (gettext_lazy("runs until"), lambda item: item.ends_on or ""),
    "item_key": (_word("uuid"), lambda item: str(item.uuid)),
}


def tree_table() -> Table:
    rows = ([read(item) for _heading, read in COLUMNS.values()] for item in in_order())
    return Table(_("Strategy"), [str(heading) for heading, _read in COLUMNS.values()], rows, [made_on()])
