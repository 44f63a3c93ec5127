"""The two kinds of rows that bring in who we know."""

from collections.abc import Callable, Sequence
from typing import Any

from crm.base.said import Said
from crm.contacts.models import Contact
from crm.exchange.theme_words import ThemeFinder
from crm.imports.applying.pieces import write_organisations, write_people
from crm.imports.columns.headings import PERSON_FIELDS
from crm.imports.columns.mapping import Mapping
from crm.imports.columns.rows import RowReader
from crm.imports.columns.unread import READ_OF_CONTACTS, READ_OF_ORGANISATIONS
from crm.imports.columns.values import blank_contact, blank_organisation
from crm.imports.kinds import Planner, RowKind, register
from crm.imports.models import ImportBatch, ImportRow, Kind
from crm.imports.planning.contacts import ContactPlanner, EarlierRows
from crm.imports.planning.layouts import Layout, map_people, only_organisations
from crm.imports.planning.organisations import OrganisationPlanner
from crm.imports.said import NO_ORGANISATIONS, NO_PEOPLE
from crm.imports.undoing.contacts import PeopleUndoer
from crm.imports.undoing.organisations import undo_organisations
from crm.organisations.models import Organisation

Sample = Sequence[list[str]]


def _contacts(layout: Layout, sample: Sample, earlier: EarlierRows) -> tuple[Planner, Callable[[Any], Any]]:
    return ContactPlanner(earlier), _reader(layout, sample).contact


def _organisations(layout: Layout, sample: Sample, _earlier: Any) -> tuple[Planner, Callable[[Any], Any]]:
    return OrganisationPlanner(), _reader(layout, sample).organisation


def _reader(layout: Layout, sample: Sample) -> RowReader:
    return RowReader(layout.mapping, ThemeFinder(), layout.sector, sample)


def _lacks_people(mapping: Mapping) -> Said | None:
    return None if mapping.has(*PERSON_FIELDS) else NO_PEOPLE()


def _lacks_organisations(mapping: Mapping) -> Said | None:
    return None if mapping.has("organisation", "full_name") else NO_ORGANISATIONS()


def _undo_contacts(batch: ImportBatch, rows: list[ImportRow]) -> None:
    PeopleUndoer(batch, rows).undo()


register(
    RowKind(
        name=Kind.CONTACTS,
        label=Kind.CONTACTS.label,
        place=30,
        map_columns=map_people,
        # What is nothing else.
        claims=lambda _mapping: True,
        lacks=_lacks_people,
        reads=READ_OF_CONTACTS,
        planner=_contacts,
        blank=blank_contact,
        write=write_people,
        undo=_undo_contacts,
        brings=(Contact, "contact_id"),
        has_sections=True,
    )
)
register(
    RowKind(
        name=Kind.ORGANISATIONS,
        label=Kind.ORGANISATIONS.label,
        place=20,
        map_columns=map_people,
        claims=only_organisations,
        lacks=_lacks_organisations,
        reads=READ_OF_ORGANISATIONS,
        planner=_organisations,
        blank=blank_organisation,
        write=write_organisations,
        undo=undo_organisations,
        brings=(Organisation, "organisation_id"),
        needs_sector=True,
    )
)
