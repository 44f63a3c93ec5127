"""Keeping selections."""

from typing import Any
from urllib.parse import urlencode

from django.db import transaction

from crm.contacts.listing import list_filters
from crm.directory.segments.models import Segment


def as_stored(data: Any) -> dict[str, list[str]]:
    """The filter in a query string as it is kept: every filled field with its values.

    A value with a NUL, which PostgreSQL keeps in no text, is none.
    """
    names = [one.name for one in list_filters()]
    found = {name: [v for v in data.getlist(name) if v and "\x00" not in v] for name in names}
    return {name: values for name, values in found.items() if values}


def stored_query(data: Any) -> str:
    """The same as a query string, "" without any filter."""
    return urlencode(as_stored(data), doseq=True)


@transaction.atomic
def save_segment(*, segment: Segment, name: str, shared: bool) -> Segment:
    """Keep a new selection, or give one another name or other readers."""
    segment.name, segment.shared = name, shared
    segment.save()
    return segment


@transaction.atomic
def delete_segment(*, segment: Segment) -> None:
    segment.delete()
