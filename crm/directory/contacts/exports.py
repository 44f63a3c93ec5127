"""Contacts as a table that a spreadsheet program opens and that Kwartet reads back as the same."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from crm.base.tables import Table
from crm.contacts.listing import Column, Row
from crm.contacts.models import Contact
from crm.directory.contacts.columns import exported
from crm.exchange.contacts import ContactResource
from crm.exchange.resources import resource_table


def contact_table(
    contacts: Iterable[Contact], *, about: list[tuple[str, str]], columns: list[Column] | None = None
) -> Table:
    """`contacts` read with read_with(): these columns, else everything that ContactResource declares."""
    if columns is not None:
        wanted = exported(columns)
        rows = ([one.cell(row) for one in wanted] for row in map(Row, contacts))
        return Table(_("Contacts"), [str(one.heading) for one in wanted], rows, about)
    return resource_table(ContactResource(), _("Contacts"), contacts, about)
