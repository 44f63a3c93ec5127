"""What each row of a tree does: nothing, change a part, put it elsewhere, or bring a new one in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from uuid import uuid4

from crm.base.fields import numbers_in
from crm.base.said import Said
from crm.base.text import fold
from crm.contacts.models import Contact, ContactPoint
from crm.exchange.cleaning import emails_in
from crm.imports.columns.rows import RowReading
from crm.imports.kinds import Planner
from crm.imports.models import ImportRow
from crm.imports.planning.planned import PlannedRow
from crm.organisations.models import Organisation
from engagement.strategy.imported.columns import SAYS, Values
from engagement.strategy.models import StrategyItem
from engagement.strategy.said import (
    CONTACT_BY_ADDRESS,
    NO_CONTACT,
    NO_OWNER,
    NO_PARENT,
    NO_PLACE,
    NO_TITLE,
    OTHER_LEVEL,
    SAME_PART,
)

Action = ImportRow.Action
_PLACE = re.compile(r"[1-9]\d{0,3}(\.[1-9]\d{0,3}){0,2}")


class ItemPlanner(Planner):
    """A part is known by its key; without one, or with one that nobody here has, by its place, and then by
    its title too. What a new part hangs under stands in a row above it, or is there already. A part that is
    there moves when its place is another one than here; otherwise it goes along with what it hangs under.
    """

    def __init__(self) -> None:
        items = list(StrategyItem.objects.select_related("owner", "parent"))
        self._by_key = {str(item.uuid): item for item in items}
        self._by_place = {item.code: item for item in items}
        # The key of the part in each place, as the rows so far say it.
        self._places: dict[str, str] = {}
        self._rows: dict[str, PlannedRow] = {}
        # The keys of parts that have left their place, as far as the rows say.
        self._left: set[str] = set()

    def plan(self, piece: Sequence[tuple[PlannedRow, RowReading]]) -> None:
        for row, _reading in piece:
            self._leave(row.values)
        for row, reading in piece:
            self._find_owner(row.values, reading)
            find_contact(row.values, reading)
            self._decide(row, reading)

    def resume(self, rows: Sequence[PlannedRow]) -> None:
        for row in rows:
            if row.action != Action.REFUSED:
                self._remember(row)
                if row.changes.get("item_code"):
                    self._left.add(row.values["item_key"])

    def _leave(self, values: Values) -> None:
        """Note that a part which is there goes elsewhere, before looking at what goes under it."""
        item, place = self._known(values), values["item_code"]
        if item and place != item.code and _PLACE.fullmatch(place) and _level(place) == _level(item.code):
            self._left.add(str(item.uuid))
            self._places.setdefault(place, str(item.uuid))

    def _find_owner(self, values: Values, reading: RowReading) -> None:
        if name := values["item_owner"]:
            owner = Organisation.objects.known_as(name).first()
            values["item_owner"] = str(owner or "")
            reading.remarks += [] if owner else [NO_OWNER(name=name[:60])]

    def _decide(self, row: PlannedRow, reading: RowReading) -> None:
        values, place = row.values, row.values["item_code"]
        item = self._known(values)
        key = str(item.uuid) if item else values["item_key"] or self._places.get(place, "")
        if not values["title_nl"]:
            row.refuse(NO_TITLE())
        elif reading.nobody:
            row.refuse(*reading.nobody)
        elif key in self._rows:
            row.action, row.repeats = Action.REPEATED, self._rows[key]
            row.reason = [SAME_PART(row=self._rows[key].number)]
        elif item:
            self._compare(row, item)
        elif not _PLACE.fullmatch(place):
            row.refuse(NO_PLACE(code=place[:60]))
        else:
            self._new(row)

    def _known(self, values: Values) -> StrategyItem | None:
        if values["item_key"] in self._by_key:
            return self._by_key[values["item_key"]]
        there = self._by_place.get(values["item_code"])
        if there and values["item_key"] and fold(there.title_nl) != fold(values["title_nl"]):
            return None
        return there

    def _compare(self, row: PlannedRow, item: StrategyItem) -> None:
        row.values["item_key"] = str(item.uuid)
        row.changes = _differences(as_said(item), row.values)
        if row.values["item_code"] not in ("", item.code) and (why := self._move(row, item)):
            row.changes = {}
            row.refuse(why)
            return
        row.action = Action.CHANGED if row.changes else Action.SAME
        self._remember(row)

    def _move(self, row: PlannedRow, item: StrategyItem) -> Said | None:
        """Add to what the row changes that the part goes to another place; say why when it cannot."""
        place = row.values["item_code"]
        if not _PLACE.fullmatch(place):
            return NO_PLACE(code=place[:60])
        if _level(place) != _level(item.code):
            return OTHER_LEVEL(code=place)
        parent = self._parent(place)
        if parent is None:
            return NO_PARENT(code=_above(place))
        was = str(item.parent.uuid) if item.parent else ""
        if (parent, number_in(place)) != (was, number_in(item.code)):
            row.values |= {"parent_key": parent, "was_under": was}
            row.changes["item_code"] = [item.code, place]
        return None

    def _parent(self, place: str) -> str | None:
        """The key of what a part in this place hangs under, "" for nothing; None when that is not there."""
        above = _above(place)
        if not above:
            return ""
        if above in self._places:
            return self._places[above]
        there = self._by_place.get(above)
        return None if there is None or str(there.uuid) in self._left else str(there.uuid)

    def _new(self, row: PlannedRow) -> None:
        parent = self._parent(row.values["item_code"])
        if parent is None:
            row.refuse(NO_PARENT(code=_above(row.values["item_code"])))
            return
        row.action = Action.NEW
        row.values |= {"item_key": row.values["item_key"] or str(uuid4()), "parent_key": parent}
        self._remember(row)

    def _remember(self, row: PlannedRow) -> None:
        self._rows.setdefault(row.values["item_key"], row)
        self._places.setdefault(row.values["item_code"], row.values["item_key"])


def _above(place: str) -> str:
    return place.rpartition(".")[0]


def _level(place: str) -> int:
    return place.count(".")


def number_in(place: str) -> int:
    """Which one it is of those under the same one, counted from 1."""
    return int(place.rpartition(".")[2])


def find_contact(values: Values, reading: RowReading) -> None:
    """Let the cell hold the number of the contact whom it names by an address, else by that number. Of people
    who share an address the number says who it is.
    """
    text, number = values["item_contact"], values["contact_number"]
    addresses, _bad = emails_in(text)
    known = Contact.objects.filter(pk__in=numbers_in([number]))
    if addresses:
        points = ContactPoint.objects.filter(kind="email", value__in=addresses)
        there = Contact.objects.filter(pk__in=points.values("contact"))
        known = there & known if there.count() > 1 else there
    found = known.first()
    values["item_contact"] = str(found.pk) if found else ""
    if not found and (text or number):
        reading.remarks.append(NO_CONTACT(who=(text or number)[:60]))
    elif found and number not in ("", str(found.pk)):
        reading.remarks.append(CONTACT_BY_ADDRESS(address=addresses[0], number=number[:20]))


def as_said(item: StrategyItem) -> Values:
    """What a row that says the same holds."""
    return {name: str(getattr(item, field) or "") for name, field in SAYS.items()} | {
        "progress": str(item.progress)
    }


def _differences(there: Values, values: Values) -> dict[str, list[str]]:
    """{field: [old, new]}: an empty cell leaves what is there, and line breaks are no difference."""
    return {
        name: [there[name], values[name]]
        for name in SAYS
        if values[name] and values[name].split() != there[name].split()
    }
