"""Noting where people's data came from."""

from collections.abc import Sequence
from datetime import date, timedelta

from crm import bulk_rows
from crm.provenance.models import Provenance


def month_after(day: date) -> date:
    """The same day of the next month, else its last day: the end of the term of GDPR art. 14(3)(a)."""
    first = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    return min(first + timedelta(days=day.day - 1), last)


def note_provenance(*, sources: Sequence[tuple[int, str]], obtained_on: date) -> None:
    """Start the clock of art. 14 for contacts that are new; `sources` are (contact, which file and row)."""
    rows = [(contact, source[:300]) for contact, source in sources]
    bulk_rows.insert(
        Provenance, ("contact_id", "source"), rows, obtained_on=obtained_on, tell_by=month_after(obtained_on)
    )
