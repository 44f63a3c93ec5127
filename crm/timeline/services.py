"""Writing the timeline: the follower of happenings that keeps them for people to read."""

import json
from collections.abc import Iterator

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from crm.base import bulk_rows
from crm.base.happenings import Happening, Replacing, Telling
from crm.timeline.models import TimelineEntry

_COLUMNS = (*("contact_id", "organisation_id", "kind", "at", "words", "about_kind", "about_key", "actor_id"),)


def follow(telling: Telling) -> None:
    """An entry for each, in one statement; what is replaced goes, and who told it first stays named."""
    actor = _take_away(telling.replacing) if telling.replacing else None
    rows = [row for one in telling.happenings for row in _rows(one, actor)]
    bulk_rows.insert(TimelineEntry, _COLUMNS, rows)


def _rows(one: Happening, actor: int | None) -> Iterator[bulk_rows.Row]:
    at = connection.ops.adapt_datetimefield_value(one.at or timezone.now())
    kind, key = (one.about.kind, one.about.key) if one.about else ("", "")
    by = one.by.pk if one.by else actor
    words = json.dumps(one.words, ensure_ascii=False)
    for contact in one.contacts or (None,):
        yield contact, one.organisation, one.kind.name, at, words, kind, key, by


def _take_away(replacing: Replacing) -> int | None:
    """Whoever was behind what is taken away, by primary key."""
    about = {"about_kind": replacing.about.kind, "about_key": replacing.about.key}
    concerned = Q(contact__in=replacing.among) | Q(contact=None)
    found = TimelineEntry.objects.filter(concerned, kind=replacing.kind.name, **about)
    actor = found.exclude(actor=None).values_list("actor", flat=True).first()
    found.delete()
    return actor
