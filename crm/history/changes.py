"""The history of a contact or an organisation, per field and in words, the newest change first."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Model
from django.utils import formats
from django.utils.translation import gettext as _

from crm.base.parts import parts_of
from crm.base.said import from_text, told
from crm.contacts.models import Affiliation, Contact, ContactPoint
from crm.contacts.reach import shown_number
from crm.organisations.models import Organisation, OrganisationAlias, OrganisationSector

_OWNERS = {"contact", "organisation", "id"}
_MOST = 500


@dataclass(frozen=True)
class Change:
    """One field, or a whole part that came or went. `key` names it for putting it back."""

    at: datetime
    by: str
    reason: str
    what: str
    old: str
    new: str
    key: str


def changes_of(subject: Contact | Organisation) -> list[Change]:
    """The newest changes, at most 500, in a fixed number of queries."""
    found = [change for model, owner in told_of(type(subject)) for change in _changes(model, owner, subject)]
    return sorted(found, key=lambda change: change.at, reverse=True)[:_MOST]


def told_of(model: type[Model]) -> list[tuple[Any, str]]:
    """What is told in the history of one: itself and the rows that are a part of it, each with the field
    that says whose they are.
    """
    return [(model, "id"), *((part.model, part.owner) for part in parts_of(model) if part.history)]


def _changes(model: Any, owner: str, subject: Model) -> Iterator[Change]:
    # The rows before may have belonged to somebody else, with whom this one was merged.
    keys = model.history.filter(**{owner: subject.pk}).order_by()
    rows = model.history.filter(id__in=keys.values("id")).order_by("history_id")
    related = [field.name for field in model.history.model.tracked_fields if field.is_relation]
    before: dict[int, Any] = {}
    for row in rows.select_related("history_user", *related):
        yield from _of_row(owner, subject, before.get(row.id), row)
        before[row.id] = row


def _of_row(owner: str, subject: Model, before: Any, row: Any) -> Iterator[Change]:
    if owner == "id":
        yield from _fields(before, row) if before else ()
        return
    had = before is not None and before.history_type != "-" and getattr(before, f"{owner}_id") == subject.pk
    has = row.history_type != "-" and getattr(row, f"{owner}_id") == subject.pk
    if had and has:
        yield from _fields(before, row, part=True)
    elif had or has:
        yield _change(row, part_word(row), part_value(before) if had else "", part_value(row) if has else "")


def _fields(before: Any, row: Any, *, part: bool = False) -> Iterator[Change]:
    name = f"{part_word(row)} {part_value(row)}: " if part else ""
    for field in row.tracked_fields:
        differs = getattr(before, field.attname) != getattr(row, field.attname)
        if differs and field.name not in _OWNERS:
            old, new = (field_value(line, field.name) for line in (before, row))
            yield _change(row, f"{name}{field.verbose_name}", old, new, field.name)


def _change(row: Any, what: str, old: str, new: str, field: str = "") -> Change:
    user = row.history_user
    reason = told([from_text(row.history_change_reason)]) if row.history_change_reason else ""
    key = f"{row.instance_type._meta.model_name}-{row.history_id}-{field}"
    return Change(row.history_date, str(user) if user else "", reason, what, old, new, key)


def part_word(row: Any) -> str:
    """What kind of part this line of history tells about: "e-mail", "function", "theme"."""
    if row.instance_type is ContactPoint:
        return str(row.get_kind_display())
    words = {Affiliation: _("function"), OrganisationSector: _("O"), OrganisationAlias: _("other name")}
    return words.get(row.instance_type) or (_("theme") if hasattr(row, "theme_id") else _("tag"))


def part_value(row: Any) -> str:
    """The part itself, in words."""
    if row.instance_type is ContactPoint:
        return row.value if row.kind == ContactPoint.Kind.EMAIL else shown_number(row.value)
    if row.instance_type is Affiliation:
        known = (*(getattr(row, name) for name in Affiliation.TEXTS), _name(row, "organisation"))
        return ", ".join(part for part in known if part)
    if row.instance_type is OrganisationSector:
        return str(row.get_sector_display())
    return (
        row.name
        if row.instance_type is OrganisationAlias
        else _name(row, "theme" if hasattr(row, "theme_id") else "tag")
    )


def field_value(row: Any, name: str) -> str:
    """The value of one field of a line, as the reader knows it."""
    value = getattr(row, name, None) if not row._meta.get_field(name).is_relation else _name(row, name)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if value is None or value == "":
        return ""
    if hasattr(row, display := f"get_{name}_display"):
        return str(getattr(row, display)())
    return formats.localize(value)


def _name(row: Any, relation: str) -> str:
    """What the line points at; what is gone since has no name any more."""
    if getattr(row, f"{relation}_id") is None:
        return ""
    try:
        return str(getattr(row, relation))
    except row._meta.get_field(relation).related_model.DoesNotExist:
        return _("something deleted since")
