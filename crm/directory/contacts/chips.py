"""The filters in force in words, each with the way to drop it; and what a file says about itself."""

from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from crm.base.tables import made_on
from crm.contacts.listing import list_filters
from crm.directory.contacts.filters import ContactFilter


@dataclass(frozen=True)
class Chip:
    """An active filter; `query` is the address without it, and `drop` says in a form which one it is."""

    key: str
    value: str
    query: str
    drop: str = ""


def without(data: QueryDict, name: str, value: str | None = None) -> str:
    """The query string of `data` without this filter (or only this value of it) and on the first page."""
    left = data.copy()
    kept = [one for one in left.getlist(name) if value is not None and one != value]
    for gone in ("after", "before", name):
        left.pop(gone, None)
    if kept:
        left.setlist(name, kept)
    return left.urlencode()


def chips(data: QueryDict, cleaned: dict[str, Any]) -> list[Chip]:
    """One for each value of each filter; the search words stand in their own field."""
    return [
        Chip(str(one.chip), said, without(data, one.name, value or None), f"{one.name}={value or ''}")
        for one in list_filters()
        if one.chip and cleaned.get(one.name)
        for value, said in one.say(cleaned[one.name])
    ]


def hidden_filters(data: QueryDict) -> list[tuple[str, str]]:
    """The values of filters that no field shows, for a form that sends the filter along."""
    names = [one.name for one in list_filters() if one.hidden]
    return [(name, value) for name in names for value in data.getlist(name)]


def about(data: QueryDict, chosen: ContactFilter) -> list[tuple[str, str]]:
    """Which filter and when, for a file that leaves Kwartet."""
    words = [(_("Search"), str(data["q"]))] if data.get("q") else []
    filters = [(chip.key, chip.value) for chip in chips(data, chosen.form.cleaned_data)]
    return [*words, *filters, made_on()]
