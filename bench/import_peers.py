"""What others do with the same list: django-import-export in two ways, and PostgreSQL alone.

Each writes contacts, their addresses, functions, organisations and tags. Cleaning, plan, ledger of consent,
search and timeline are Kwartet's alone; the history of a row is written whenever the ORM saves one.
"""

from collections import defaultdict
from pathlib import Path
from typing import Any

import tablib
from django.db import connection, transaction
from import_export import fields, resources
from import_export.widgets import ManyToManyWidget

from bench.import_lists import HEADINGS
from crm.base.sectors import Sector
from crm.contacts.models import Affiliation, Contact, ContactPoint
from crm.organisations.models import Organisation
from crm.organisations.names import organisation_key
from crm.themes.models import Tag

# Those that there are, by name; whoever measures fills it.
TAGS: dict[str, int] = {}
_SECTORS = {
    "onderwijs": Sector.EDUCATION,
    "onderzoek": Sector.RESEARCH,
    "ondernemers": Sector.ENTREPRENEURS,
    "overheid": Sector.GOVERNMENT,
}
_POINTS = {"E-mail": "email", "Mobiel": "mobile", "Telefoon": "phone"}
Row = dict[str, str]


class ContactResource(resources.ModelResource):
    """Default settings. A person is known by an address and a family name, asked with one query a row."""

    given_name = fields.Field("given_name", "Voornaam")
    infix = fields.Field("infix", "Tussenvoegsel")
    family_name = fields.Field("family_name", "Achternaam")
    tags = fields.Field("tags", "Tags", widget=ManyToManyWidget(Tag, "; ", "name"))

    class Meta:
        model = Contact
        fields = ("given_name", "infix", "family_name", "tags")

    def get_import_id_fields(self) -> list[str]:
        return []

    def get_instance(self, instance_loader: Any, row: Row) -> Contact | None:
        """Without an order, in which PostgreSQL would walk through everybody while it has no statistics."""
        same = Contact.objects.filter(contact_points__value=row["E-mail"], family_name=row["Achternaam"])
        return next(iter(same.order_by()), None)

    def after_save_instance(self, instance: Contact, row: Row, **kwargs: Any) -> None:
        for heading, kind in _POINTS.items():
            if row[heading]:
                ContactPoint.objects.get_or_create(
                    contact=instance, kind=kind, value=row[heading], defaults={"preferred": True}
                )
        if name := row["Organisatie"]:
            organisation, _made = Organisation.objects.get_or_create(
                key=organisation_key(name), defaults={"name": name}
            )
            Affiliation.objects.update_or_create(
                contact=instance,
                organisation=organisation,
                defaults={"job_title": row["Functie"], "sector": _SECTORS[row["Sector"]]},
            )


class BulkResource(ContactResource):
    """use_bulk, with what it cannot do (links, other tables) in bulk behind it. Nobody is looked for."""

    class Meta:
        model = Contact
        fields = ("given_name", "infix", "family_name")
        exclude = ("tags",)
        use_bulk = True
        batch_size = 1000
        skip_diff = True
        force_init_instance = True

    def __init__(self) -> None:
        super().__init__()
        self.people: list[tuple[Contact, Row]] = []

    def get_instance(self, instance_loader: Any, row: Row) -> None:
        return None

    def before_save_instance(self, instance: Contact, row: Row, **kwargs: Any) -> None:
        instance.set_keys()
        self.people.append((instance, dict(row)))

    def after_save_instance(self, instance: Contact, row: Row, **kwargs: Any) -> None:
        """Nothing is saved yet."""

    def after_import(self, dataset: Any, result: Any, **kwargs: Any) -> None:
        names = {row["Organisatie"] for _contact, row in self.people if row["Organisatie"]}
        keys = {organisation_key(name): name for name in names}
        made = Organisation.objects.bulk_create(
            Organisation(name=name, key=key) for key, name in keys.items()
        )
        known = {organisation.key: organisation for organisation in made}
        related: dict[type[Any], list[Any]] = defaultdict(list)
        for contact, row in self.people:
            self._relate(contact, row, known, related)
        for model, rows in related.items():
            model.objects.bulk_create(rows, batch_size=1000)

    def _relate(
        self, contact: Contact, row: Row, known: dict[str, Organisation], related: dict[type[Any], list[Any]]
    ) -> None:
        for heading, kind in _POINTS.items():
            if row[heading]:
                point = ContactPoint(contact=contact, kind=kind, value=row[heading], preferred=True)
                related[ContactPoint].append(point)
        through = Contact.tags.through
        for name in filter(None, row["Tags"].split("; ")):
            related[through].append(through(contact=contact, tag_id=TAGS[name]))
        if name := row["Organisatie"]:
            related[Affiliation].append(
                Affiliation(
                    contact=contact,
                    organisation=known[organisation_key(name)],
                    job_title=row["Functie"],
                    sector=_SECTORS[row["Sector"]],
                )
            )


def import_export(path: Path) -> None:
    """What the admin does by default: a dry run with its differences, then the same once more for real."""
    for dry_run in (True, False):
        dataset = _dataset(path)
        result = ContactResource().import_data(dataset, dry_run=dry_run, raise_errors=True)
        _check(len(result.rows) == len(dataset))
    _check(Contact.objects.count() >= len(dataset) * 0.98)


def import_export_bulk(path: Path) -> None:
    dataset = _dataset(path)
    BulkResource().import_data(dataset, dry_run=False, raise_errors=True)
    _check(Contact.objects.count() == len(dataset))


def _dataset(path: Path) -> Any:
    return tablib.Dataset().load(path.read_text(), format="csv", delimiter=";")


_STAGED = """
CREATE TEMPORARY TABLE staged (
    given text, infix text, family text, organisation text, job text, sector text,
    email text, mobile text, phone text, tags text, invite text, newsletter text
) ON COMMIT DROP
"""
_SET_BASED = [
    "ALTER TABLE staged ADD contact_id bigint DEFAULT nextval(pg_get_serial_sequence('crm_contact', 'id'))",
    "ALTER TABLE staged ADD email_known bigint",
    """UPDATE staged SET email_known = person.id
    FROM crm_contactpoint AS point JOIN crm_contact AS person ON person.id = point.contact_id
    WHERE point.value = staged.email AND person.family_name = staged.family""",
    """INSERT INTO crm_contact (id, given_name, initials, infix, family_name, titles_before, titles_after,
    form_of_address, own_salutation, formality, language, external_id, origin, sort_key, surname_key,
    created_at, updated_at)
    SELECT contact_id, coalesce(given, ''), '', coalesce(infix, ''), family, '', '', '', '', 'u', 'nl', '',
    'import', lower(concat_ws(', ', family, infix, given)), lower(concat_ws(' ', infix, family)), now(), now()
    FROM staged WHERE email_known IS NULL""",
    """INSERT INTO crm_organisation (name, key, external_id, website, kvk_number, street, house_number,
    postcode, city, country, size_class, created_at, updated_at)
    SELECT min(organisation), lower(organisation), '', '', '', '', '', '', '', 'NL', '', now(), now()
    FROM staged LEFT JOIN crm_organisation AS known ON known.key = lower(organisation)
    WHERE organisation IS NOT NULL AND known.id IS NULL GROUP BY lower(organisation)""",
    """INSERT INTO crm_contactpoint (contact_id, kind, value, preferred, state)
    SELECT contact_id, kind, value, true, 'ok' FROM staged CROSS JOIN LATERAL
    (VALUES ('email', email), ('mobile', mobile), ('phone', phone)) AS point (kind, value)
    WHERE value IS NOT NULL AND email_known IS NULL""",
    """INSERT INTO crm_affiliation (contact_id, organisation_id, job_title, department, sector)
    SELECT contact_id, organisation.id, coalesce(job, ''), '',
    CASE staged.sector WHEN 'onderwijs' THEN 'education' WHEN 'onderzoek' THEN 'research'
    WHEN 'ondernemers' THEN 'entrepreneurs' ELSE 'government' END
    FROM staged JOIN crm_organisation AS organisation ON organisation.key = lower(staged.organisation)
    WHERE email_known IS NULL""",
    """INSERT INTO crm_contact_tags (contact_id, tag_id)
    SELECT contact_id, tag.id FROM staged CROSS JOIN LATERAL string_to_table(staged.tags, '; ') AS one (name)
    JOIN crm_tag AS tag ON tag.name = one.name WHERE email_known IS NULL""",
]


@transaction.atomic
def set_based(path: Path) -> None:
    """COPY of the file as it is into a staging table, then one statement per table: no row is looked at."""
    with connection.cursor() as cursor:
        cursor.execute(_STAGED)
        columns = "given, infix, family, organisation, job, sector, "
        columns += "email, mobile, phone, tags, invite, newsletter"
        _check(columns.count(",") + 1 == len(HEADINGS))
        command = f"COPY staged ({columns}) FROM STDIN WITH (FORMAT csv, HEADER, DELIMITER ';')"
        with cursor.copy(command) as copy, path.open("rb") as file:
            while block := file.read(1 << 16):
                copy.write(block)
        cursor.execute("ANALYZE staged")
        for statement in _SET_BASED:
            cursor.execute(statement)


def _check(fine: bool) -> None:
    if not fine:
        raise SystemExit("a peer did not do what it should")
