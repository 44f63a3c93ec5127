"""What changed between two moments about what rests on a sentence.

It is read from the history of evidence and parts of the strategy, and from the decisions. Only what is
different in the end is told.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from engagement.evidence.models import Evidence
from engagement.feedback.becoming import called
from engagement.statements.models import Statement
from engagement.strategy.models import StrategyItem

# Of a text that was changed so much is quoted.
MOST_QUOTED = 300


@dataclass(frozen=True)
class Window:
    """After `since`, up to and with `until`."""

    since: datetime
    until: datetime


def changes_of(statement: Statement, window: Window) -> list[str]:
    """In sentences of the active language, part after part; none when nothing is different."""
    before, after = _links(statement, window.since), _links(statement, window.until)
    found: list[str] = []
    for item in StrategyItem.objects.filter(pk__in={*before, *after}):
        was, now = before.get(item.pk), after.get(item.pk)
        found += _of_link(item, was, now)
        if was is not None and now is not None:
            found += _of_item(item, window)
        if now is not None:
            found += _of_decisions(item, window)
    return found


def _links(statement: Statement, moment: datetime) -> dict[int, Any]:
    """What rested on it then: the row of history of each link, by the key of its part."""
    rows = Evidence.history.filter(statement_id=statement.pk, history_date__lte=moment)
    last = {row.id: row for row in rows.order_by("history_date", "history_id")}
    return {row.item_id: row for row in last.values() if row.history_type != "-"}


def _of_link(item: StrategyItem, was: Any, now: Any) -> Iterator[str]:
    if now is None:
        yield _("This sentence does not stand under %(item)s any more.") % {"item": called(item)}
        return
    told = now.instance
    if was is None:
        words = _("This sentence stands under %(item)s now: %(outcome)s.")
    elif (was.outcome, was.instance.reason) != (now.outcome, told.reason):
        words = _("Under %(item)s it is now: %(outcome)s.")
    else:
        return
    because = _("Why: %(reason)s") % {"reason": told.reason} if told.reason else ""
    said = words % {"item": called(item), "outcome": told.get_outcome_display()}
    yield f"{said} {because}".strip()


def _of_item(item: StrategyItem, window: Window) -> Iterator[str]:
    was, now = _as_of(item, window.since), _as_of(item, window.until)
    if was is None or now is None:
        return
    name = called(item)
    if was.state != now.state:
        words = _("%(item)s is %(now)s now; it was %(was)s.")
        yield words % {"item": name, "now": now.get_state_display(), "was": was.get_state_display()}
    if was.stalled_since != now.stalled_since:
        if now.stalled_since:
            day = date_format(now.stalled_since, "DATE_FORMAT")
            yield _("%(item)s stands still since %(day)s.") % {"item": name, "day": day}
        else:
            yield _("%(item)s goes on again.") % {"item": name}
    if (was.title, was.text) != (now.title, now.text):
        words = _("%(item)s has other words now: “%(text)s”")
        yield words % {"item": name, "text": (now.text or now.title)[:MOST_QUOTED]}


def _as_of(item: StrategyItem, moment: datetime) -> Any:
    """The part as it was then; None when it was not there, or nothing is known of that time."""
    rows = StrategyItem.history.filter(id=item.pk, history_date__lte=moment)
    row = rows.order_by("-history_date", "-history_id").first()
    return row.instance if row is not None and row.history_type != "-" else None


def _of_decisions(item: StrategyItem, window: Window) -> Iterator[str]:
    new = item.decisions.filter(recorded_at__gt=window.since, recorded_at__lte=window.until)
    for decision in new.order_by("decided_on", "pk"):
        if decision.is_to_come(window.until.date()):
            words = _("%(who)s decides about %(item)s on %(day)s.")
        else:
            words = _("%(who)s decided about %(item)s on %(day)s: %(text)s")
        yield words % {
            "who": decision.taken_by,
            "item": called(item),
            "day": date_format(decision.decided_on, "DATE_FORMAT"),
            "text": decision.text,
        }
