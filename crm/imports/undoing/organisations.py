"""Putting back what one row of a list of organisations did. The caller owns the transaction."""

from collections.abc import Sequence

from crm.base.happenings import tell
from crm.base.said import Said
from crm.base.tracking import remove_link
from crm.imports.columns.values import DETAILS, Values, whole
from crm.imports.happenings import Teller
from crm.imports.models import ImportBatch, ImportRow
from crm.imports.planning.known import tags_by_key
from crm.imports.said import CHANGED_SINCE, FILE, IN_USE, ORGANISATION_GONE
from crm.imports.undoing.deleting import delete_organisations
from crm.imports.undoing.merged import Merged
from crm.organisations.addresses import HOME
from crm.organisations.models import Organisation
from crm.organisations.names import organisation_key


def undo_organisations(batch: ImportBatch, rows: Sequence[ImportRow]) -> None:
    for row in rows:
        row.kept = undo_organisation(batch, row)


def undo_organisation(batch: ImportBatch, row: ImportRow) -> list[Said]:
    """What is left as it is."""
    key, values = row.organisation_id or 0, whole(batch.kind, row.values)
    organisation = Organisation.objects.select_for_update().filter(pk=key).first()
    merged = Merged(Organisation, [key])
    if organisation is None:
        return merged.away(row, values, key) or [ORGANISATION_GONE()]
    if row.action == ImportRow.Action.NEW:
        return merged.took_in(row, values, key) or _remove(batch, organisation, values)
    kept = [field for field in row.changes if not _put_back(batch, organisation, row, field)]
    done = sorted(set(row.changes) - set(kept))
    if done:
        tell(Teller(batch).undone(row, done, organisation=organisation.pk))
    return [CHANGED_SINCE(fields=kept)] if kept else []


def _remove(batch: ImportBatch, organisation: Organisation, values: Values) -> list[Said]:
    keys = {organisation_key(name) for name in values["aliases"]} - {organisation.key}
    found = [part for part in ("name", *DETAILS) if getattr(organisation, part) != values[part]]
    found += ["country"] if organisation.country != (values["country"] or HOME) else []
    found += ["sector"] if organisation.sector_list() != [s for s in [values["sector"]] if s] else []
    found += ["aliases"] if {alias.key for alias in organisation.aliases.all()} != keys else []
    tags = {tag.key for tag in organisation.tags.all()}
    found += ["tags"] if tags != tags_by_key(values["tags"]).keys() else []
    if found:
        return [CHANGED_SINCE(fields=found)]
    return [IN_USE(uses=uses) for uses in delete_organisations(batch, [organisation.pk]).values()]


def _put_back(batch: ImportBatch, organisation: Organisation, row: ImportRow, field: str) -> bool:
    """Whether it still was as the row left it: all that a row does to an organisation is adding."""
    values = whole(batch.kind, row.values)
    if field in DETAILS:
        if getattr(organisation, field) != values[field]:
            return False
        setattr(organisation, field, "")
        organisation.save()
    elif field == "sector":
        for sector in organisation.sectors.filter(sector=values["sector"]):
            sector.delete()
    elif field == "tags":
        old, new = map(tags_by_key, row.changes["tags"])
        for tag in organisation.tags.filter(key__in=new.keys() - old.keys()):
            by, reason = batch.created_by, FILE(name=batch.file_name)
            remove_link(Organisation, [organisation.pk], "tags", tag.pk, by=by, reason=reason)
    else:
        keys = {organisation_key(name) for name in (values["name"], *values["aliases"])}
        for alias in organisation.aliases.filter(key__in=keys):
            alias.delete()
    return True
