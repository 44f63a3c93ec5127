"""Putting one planned row into the database. The caller owns the transaction."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from crm.contacts.facets import keep_facets
from crm.contacts.indexing import keep_documents, keep_documents_of
from crm.contacts.models import Affiliation, Contact, ContactPoint, Origin
from crm.imports.known import (
    ADDRESS_FIELDS,
    NAME_FIELDS,
    PERMISSIONS,
    OrganisationKeys,
    from_contacts,
    from_values,
    phones_of,
    with_what_is_known,
)
from crm.imports.matching import People
from crm.imports.models import ImportBatch, ImportRow
from crm.imports.rows import Values, says_never
from crm.imports.timeline import CHANGED, CREATED
from crm.organisations.models import Organisation
from crm.organisations.names import organisation_key
from crm.preferences.services import record_consent
from crm.themes.models import Theme
from crm.timeline.services import record


class RowRefused(Exception):
    """The row cannot be applied any more; the message says why."""


def write_contact(batch: ImportBatch, row: ImportRow) -> Contact:
    """Make the new contact of `row`, or carry out its changes; RowRefused when things changed meanwhile."""
    is_new = row.action == ImportRow.Action.NEW
    if is_new:
        _check_still_new(row.values)
        contact = Contact(
            origin=Origin.IMPORT,
            import_batch=batch,
            **{part: row.values[part] for part in (*NAME_FIELDS, *ADDRESS_FIELDS) if part in row.values},
        )
        fields = set(row.values)
    else:
        contact, fields = _contact_of(row), set(row.changes)
        for part in fields & {*NAME_FIELDS, *ADDRESS_FIELDS}:
            setattr(contact, part, row.values[part])
    if "last_spoken" in fields and row.values["last_spoken"]:
        spoken = date.fromisoformat(row.values["last_spoken"])
        contact.told_heard_on = max(filter(None, (contact.told_heard_on, spoken)))
    contact.save()
    if "last_spoken" in fields:
        keep_facets([contact.pk])
    _write_points(contact, row.values, fields)
    if fields & {"organisation", "job_title", "sector"} and row.values["organisation"]:
        _write_affiliation(contact, row.values, fields)
    keep_documents([contact.pk])
    if "themes" in fields:
        contact.themes.add(*Theme.objects.filter(name_nl__in=row.values["themes"]))
    _write_permissions(batch, row, contact, fields)
    _leave_trace(batch, row, is_new=is_new, contact=contact)
    return contact


def _check_still_new(values: Values) -> None:
    """Somebody may have added this person since the plan was made; then the file is to be read again."""
    keys = OrganisationKeys(only=values["organisation"])
    wanted = from_values(values, keys)
    shared = Q(contact_points__value__in=wanted.addresses)
    namesakes = Q(family_name__iexact=values["family_name"], infix__iexact=values["infix"])
    found = with_what_is_known().filter(shared | namesakes).distinct()
    if People(from_contacts(found)).match(wanted):
        raise RowRefused(_("Somebody added this person after the plan was made. Read the file again."))


def _contact_of(row: ImportRow) -> Contact:
    # Asked afresh: the earlier row may have been applied a moment ago.
    pk = row.contact_id or ImportRow.objects.filter(repeated_by=row).values_list("contact", flat=True).first()
    contact = Contact.objects.select_for_update().filter(pk=pk or 0).first()
    if contact is None:
        raise RowRefused(_("The contact that this row belongs to is not there. Read the file again."))
    return contact


def _write_points(contact: Contact, values: Values, fields: Iterable[str]) -> None:
    """Add the addresses that are not there yet; the first of its kind becomes the preferred one."""
    emails = [values["email"], *values.get("other_emails", [])] if "email" in fields else []
    wanted = [("email", email) for email in emails if email]
    wanted += [(kind, number) for kind, number in phones_of(values) if kind in fields]
    if not wanted:
        return
    there = {(point.kind, point.value): point.preferred for point in contact.contact_points.all()}
    taken = {kind for (kind, _value), preferred in there.items() if preferred}
    added: list[ContactPoint] = []
    for kind, value in dict.fromkeys(wanted):
        if (kind, value) not in there:
            added.append(ContactPoint(contact=contact, kind=kind, value=value, preferred=kind not in taken))
            taken.add(kind)
    ContactPoint.objects.bulk_create(added)


def _write_affiliation(contact: Contact, values: Values, fields: Iterable[str]) -> None:
    organisation = Organisation.objects.known_as(values["organisation"]).order_by("pk").first()
    if organisation is None:
        organisation = Organisation.objects.create(name=values["organisation"])
        if values["sector"]:
            organisation.sectors.create(sector=values["sector"], primary=True)
    current = contact.affiliations.filter(organisation=organisation, ended_on=None).first()
    affiliation = current or Affiliation(contact=contact, organisation=organisation)
    if "job_title" in fields:
        affiliation.job_title = values["job_title"]
    if "sector" in fields:
        affiliation.sector = values["sector"]
    affiliation.save()


def _write_permissions(batch: ImportBatch, row: ImportRow, contact: Contact, fields: Iterable[str]) -> None:
    for name, purpose in PERMISSIONS.items():
        if name in fields and row.values[name] is not None:
            record_consent(
                contact=contact,
                purpose=purpose,
                allowed=row.values[name],
                source="import",
                source_detail=_("%(file)s, row %(row)s") % {"file": batch.file_name, "row": row.place},
                wording=_wording(batch, row, name),
                recorded_by=batch.created_by,
            )


def _wording(batch: ImportBatch, row: ImportRow, name: str) -> str:
    """The words of the file, literally: "Nieuwsbrief j/n: j"; or the remark that says never to invite."""
    columns = {"may_invite": ("may_invite", "not_invite"), "newsletter": ("newsletter", "not_newsletter")}[
        name
    ]
    cells = [
        (heading, field, cell) for (heading, field), cell in zip(batch.columns, row.original, strict=False)
    ]
    said = [f"{heading}: {cell}" for heading, field, cell in cells if field in columns and cell.strip()]
    remarks = [f"{heading}: {cell}" for heading, field, cell in cells if not field and says_never(cell)]
    return "; ".join(said + remarks)


def write_organisation(batch: ImportBatch, row: ImportRow) -> Organisation:
    """Make the new organisation of `row`, or carry out its changes."""
    values, is_new = row.values, row.action == ImportRow.Action.NEW
    if is_new:
        organisation = _new_organisation(values)
        fields = {"sector", "aliases"}
    else:
        organisation, fields = _organisation_of(row), set(row.changes)
        for part in fields & {"external_id", "city"}:
            setattr(organisation, part, values[part])
        organisation.save()
    if "sector" in fields and values["sector"]:
        primary = not organisation.sectors.filter(primary=True).exists()
        organisation.sectors.get_or_create(sector=values["sector"], defaults={"primary": primary})
    if "aliases" in fields:
        _write_aliases(organisation, [values["name"], *values["aliases"]])
        keep_documents_of(organisation)
    _leave_trace(batch, row, is_new=is_new, organisation=organisation)
    return organisation


def _new_organisation(values: Values) -> Organisation:
    code = values["external_id"]
    if Organisation.objects.known_as(values["name"]).filter(external_id__in=["", code]).exists() or (
        code and Organisation.objects.filter(external_id=code).exists()
    ):
        raise RowRefused(_("Somebody added this organisation after the plan was made. Read the file again."))
    return Organisation.objects.create(name=values["name"], external_id=code, city=values["city"])


def _organisation_of(row: ImportRow) -> Organisation:
    earlier = ImportRow.objects.filter(repeated_by=row)
    pk = row.organisation_id or earlier.values_list("organisation", flat=True).first()
    organisation = Organisation.objects.select_for_update().filter(pk=pk or 0).first()
    if organisation is None:
        raise RowRefused(_("The organisation that this row belongs to is not there. Read the file again."))
    return organisation


def _write_aliases(organisation: Organisation, names: Iterable[str]) -> None:
    for name in names:
        key = organisation_key(name)
        if key != organisation.key:
            organisation.aliases.get_or_create(key=key, defaults={"name": name})


def _leave_trace(
    batch: ImportBatch,
    row: ImportRow,
    *,
    is_new: bool,
    contact: Contact | None = None,
    organisation: Organisation | None = None,
) -> None:
    words = {"file": batch.file_name, "row": row.place, "fields": sorted(row.changes)}
    kind = CREATED if is_new else CHANGED
    link = batch.get_absolute_url()
    record(
        kind.name, contact=contact, organisation=organisation, words=words, link=link, actor=batch.created_by
    )
