"""The seats of a body on a day, as a table that a spreadsheet program opens."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from crm.base.tables import Cell, Table, made_on
from crm.bodies.models import Body
from crm.bodies.shown import SeatRow, seat_rows


def seat_table(body: Body, day: date) -> Table:
    headings = [_("Seat"), _("Organisation"), _("Holder"), _("From"), _("To"), _("Kwartet number")]
    about = [(_("Seats on"), date_format(day, "SHORT_DATE_FORMAT")), made_on()]
    return Table(str(body), headings, [_row(row) for row in seat_rows(body, day)], about)


def _row(row: SeatRow) -> list[Cell]:
    start = row.term.started_on if row.term else ""
    end = (row.term.ended_on if row.term else None) or ""
    holder = str(row.term.contact) if row.term else ""
    number = str(row.term.contact_id) if row.term else ""
    return [row.seat.role, str(row.seat.organisation or ""), holder, start, end, number]
