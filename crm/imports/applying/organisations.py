"""Putting one row of a list of organisations into the database. The caller owns the transaction."""

from collections.abc import Iterable

from crm.base.happenings import FOUND_BY, tell
from crm.base.tracking import add_link
from crm.imports.applying.refusing import RowRefused
from crm.imports.columns.values import DETAILS, Values, whole
from crm.imports.happenings import Teller
from crm.imports.models import ImportBatch, ImportRow
from crm.imports.said import FILE, ORGANISATION_ADDED, ORGANISATION_NOT_THERE
from crm.organisations.models import Organisation
from crm.organisations.names import organisation_key
from crm.themes.services import tags_called


def write_organisation(batch: ImportBatch, row: ImportRow) -> Organisation:
    """Make the new organisation of `row`, or carry out its changes; RowRefused when that cannot be done."""
    values, is_new = whole(batch.kind, row.values), row.action == ImportRow.Action.NEW
    if is_new:
        organisation = _new_organisation(values, row.organisation_id)
        fields = {"sector", "aliases", "tags"}
    else:
        organisation, fields = _organisation_of(row), set(row.changes)
        for part in fields & {*DETAILS}:
            setattr(organisation, part, values[part])
        organisation.save()
    if "sector" in fields and values["sector"]:
        primary = not organisation.sectors.filter(primary=True).exists()
        organisation.sectors.get_or_create(sector=values["sector"], defaults={"primary": primary})
    if "aliases" in fields:
        _write_aliases(organisation, [values["name"], *values["aliases"]])
    if "tags" in fields:
        for tag in tags_called(values["tags"]):
            by, reason = batch.created_by, FILE(name=batch.file_name)
            add_link(Organisation, [organisation.pk], "tags", tag.pk, by=by, reason=reason)
    touches = frozenset({FOUND_BY} if "aliases" in fields else ())
    tell(Teller(batch).written(row, organisation=organisation.pk, touches=touches))
    return organisation


def _new_organisation(values: Values, number: int | None) -> Organisation:
    code = values["external_id"]
    if Organisation.objects.known_as(values["name"]).filter(external_id__in=["", code]).exists() or (
        code and Organisation.objects.filter(external_id=code).exists()
    ):
        raise RowRefused(ORGANISATION_ADDED())
    details = {part: values[part] for part in (*DETAILS, "country") if values[part]}
    return Organisation.objects.create(pk=number, name=values["name"], **details)


def _organisation_of(row: ImportRow) -> Organisation:
    organisation = Organisation.objects.select_for_update().filter(pk=row.organisation_id or 0).first()
    if organisation is None:
        raise RowRefused(ORGANISATION_NOT_THERE())
    return organisation


def _write_aliases(organisation: Organisation, names: Iterable[str]) -> None:
    for name in names:
        key = organisation_key(name)
        if key != organisation.key:
            organisation.aliases.get_or_create(key=key, defaults={"name": name})
