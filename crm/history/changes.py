"""The history of a contact or an organisation, per field and in words, the newest change first."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Model
from django.utils import formats
from django.utils.translation import gettext as _

from crm.contacts.models import Affiliation, Contact, ContactPoint
from crm.contacts.reach import shown_number
from crm.organisations.models import Organisation, OrganisationAlias, OrganisationSector

# What is told in the history of each: the thing itself, and the rows that are a part of it.
PARTS: dict[type[Model], list[Any]] = {
    Contact: [Contact, ContactPoint, Affiliation, Contact.themes.through, Contact.tags.through],
    Organisation: [Organisation, OrganisationSector, OrganisationAlias, Organisation.tags.through],
}
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
    found = [change for model in PARTS[type(subject)] for change in _changes(model, subject)]
    return sorted(found, key=lambda change: change.at, reverse=True)[:_MOST]


def _changes(model: Any, subject: Model) -> Iterator[Change]:
    # The rows before may have belonged to somebody else, with whom this one was merged.
    keys = model.history.filter(**{_owner(model, subject): subject.pk}).order_by()
    rows = model.history.filter(id__in=keys.values("id")).order_by("history_id")
    related = [field.name for field in model.history.model.tracked_fields if field.is_relation]
    before: dict[int, Any] = {}
    for row in rows.select_related("history_user", *related):
        yield from _of_row(model, subject, before.get(row.id), row)
        before[row.id] = row


def _owner(model: Any, subject: Model) -> str:
    return "id" if model is type(subject) else subject._meta.model_name or ""


def _of_row(model: Any, subject: Model, before: Any, row: Any) -> Iterator[Change]:
    if model is type(subject):
        yield from _fields(before, row) if before else ()
        return
    owner = f"{_owner(model, subject)}_id"
    had = before is not None and before.history_type != "-" and getattr(before, owner) == subject.pk
    has = row.history_type != "-" and getattr(row, owner) == subject.pk
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
    key = f"{row.instance_type._meta.model_name}-{row.history_id}-{field}"
    return Change(
        row.history_date, str(user) if user else "", row.history_change_reason or "", what, old, new, key
    )


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
        return ", ".join(part for part in (row.job_title, _name(row, "organisation")) if part)
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
