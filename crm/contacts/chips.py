"""The filters in force in words, each with the way to drop it; and what a file says about itself."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import QueryDict
from django.utils import formats, timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.contacts.facets import ATTENDED_KINDS
from crm.contacts.filters import ContactFilter, sources
from crm.preferences.models import Purpose
from crm.sectors import Sector


@dataclass(frozen=True)
class Chip:
    """An active filter; `query` is the address without it."""

    key: str
    value: str
    query: str


# A value of a filter as it stands in the address, and in words.
Said = Iterable[tuple[str, str]]


def without(data: QueryDict, name: str, value: str | None = None) -> str:
    """The query string of `data` without this filter (or only this value of it) and on the first page."""
    left = data.copy()
    kept = [one for one in left.getlist(name) if value is not None and one != value]
    for gone in ("after", "before", name):
        left.pop(gone, None)
    if kept:
        left.setlist(name, kept)
    return left.urlencode()


def _rows(rows: Iterable[Any]) -> Said:
    return [(str(row.pk), str(row)) for row in rows]


def _day(day: date) -> Said:
    return [("", formats.date_format(day, "SHORT_DATE_FORMAT"))]


def _sources(chosen: list[str]) -> Said:
    words = dict(sources())
    return [(one, str(words[one])) for one in chosen]


# Name of the filter, its word before the value, and how its cleaned value reads.
_WORDS: list[tuple[str, Promise | str, Callable[[Any], Said]]] = [
    ("sector", gettext_lazy("O"), lambda codes: [(code, str(Sector(code).label)) for code in codes]),
    ("theme", gettext_lazy("Theme"), lambda themes: [(theme.slug, str(theme)) for theme in themes]),
    ("body", gettext_lazy("Body"), _rows),
    ("tag", gettext_lazy("Tag"), _rows),
    ("organisation", gettext_lazy("Organisation"), lambda name: [("", name)]),
    ("attended", gettext_lazy("Was at"), lambda kinds: [(one, str(ATTENDED_KINDS[one])) for one in kinds]),
    ("source", gettext_lazy("Came from"), _sources),
    ("may_receive", gettext_lazy("May be mailed for"), lambda one: [("", str(Purpose(one).label))]),
    ("not_heard_since", gettext_lazy("Not heard since"), _day),
    ("heard_since", gettext_lazy("Heard since"), _day),
    (
        "heard",
        gettext_lazy("Heard"),
        lambda when: [("", _("never") if when == "never" else _("at least once"))],
    ),
    (
        "told",
        gettext_lazy("Where the data come from"),
        lambda state: [("", _("still to be told") if state == "open" else _("not told in time"))],
    ),
    ("pick", gettext_lazy("Ticked"), lambda numbers: [("", str(len(numbers)))]),
]


def chips(data: QueryDict, cleaned: dict[str, Any]) -> list[Chip]:
    """One for each value of each filter; the search words stand in their own field."""
    return [
        Chip(str(word), said, without(data, name, value or None))
        for name, word, say in _WORDS
        if cleaned.get(name)
        for value, said in say(cleaned[name])
    ]


def about(data: QueryDict, chosen: ContactFilter) -> list[tuple[str, str]]:
    """Which filter and when, for a file that leaves Kwartet."""
    words = [(_("Search"), str(data["q"]))] if data.get("q") else []
    filters = [(chip.key, chip.value) for chip in chips(data, chosen.form.cleaned_data)]
    return [*words, *filters, made_on()]


def made_on() -> tuple[str, str]:
    return _("Made on"), formats.date_format(timezone.localtime(), "SHORT_DATETIME_FORMAT")
