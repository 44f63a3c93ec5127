"""What became of what somebody said, for themselves: each sentence with outcome, reason and what follows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagement.evidence.models import Evidence
from engagement.statements.models import Speaker, Statement
from engagement.strategy.models import StrategyItem

Outcome = Evidence.Outcome
# From the best outcome of a sentence to the least; "" is one on which nothing rests.
ORDER = (Outcome.ADOPTED, Outcome.PARTLY, Outcome.NOT_ADOPTED, Outcome.OPEN, "")
DECIDED = ORDER[:3]
_COUNTED = {
    Outcome.ADOPTED: gettext_lazy("%(n)s adopted"),
    Outcome.PARTLY: gettext_lazy("%(n)s partly adopted"),
    Outcome.NOT_ADOPTED: gettext_lazy("%(n)s not adopted"),
    Outcome.OPEN: gettext_lazy("%(n)s still to be decided"),
    "": gettext_lazy("%(n)s not used yet"),
}
_STATE = {
    StrategyItem.State.PROPOSED: gettext_lazy("It is proposed; nobody decided about it yet."),
    StrategyItem.State.ADOPTED: gettext_lazy("It is adopted, and begins later."),
    StrategyItem.State.RUNNING: gettext_lazy("It is being carried out."),
    StrategyItem.State.DONE: gettext_lazy("It is done."),
    StrategyItem.State.DROPPED: gettext_lazy("It was dropped."),
}


@dataclass(frozen=True)
class Became:
    """Where a sentence ended up; `following` says in sentences how it goes on from there."""

    evidence: Evidence
    following: Sequence[str]

    @property
    def where(self) -> str:
        return called(self.evidence.item)


@dataclass(frozen=True)
class Told:
    statement: Statement
    became: Sequence[Became]

    @property
    def outcome(self) -> str:
        """The best one of it, "" where nothing rests on it."""
        return min((one.evidence.outcome for one in self.became), key=ORDER.index, default="")


def called(item: StrategyItem) -> str:
    """ "measure 2.2.1, Halls with a heavy connection", in the active language."""
    return f"{item.get_kind_display()} {item.code}, {item.title}"


def told_to(speaker: Speaker) -> list[Told]:
    """All that they said there but for what they took back, in the order of the notes."""
    rows = speaker.statements.linkable().select_related("latest_response", "speaker", "created_by")
    statements = list(rows.order_by("start", "pk"))
    found: dict[int, list[Became]] = {}
    linked = Evidence.objects.of(statements).select_related("item__owner")
    for one in linked.prefetch_related("item__decisions__body", "item__decisions__organisation"):
        found.setdefault(one.statement_id, []).append(Became(one, following(one.item)))
    return [Told(statement, found.get(statement.pk, [])) for statement in statements]


def tally(told: Sequence[Told]) -> str:
    """ "1 adopted, 1 not adopted": an honest count, the no included."""
    counts = Counter(one.outcome for one in told)
    return ", ".join(str(_COUNTED[outcome]) % {"n": counts[outcome]} for outcome in ORDER if counts[outcome])


def following(item: StrategyItem, on: date | None = None) -> list[str]:
    """How it goes on with a part of the strategy, in sentences of the active language."""
    today = on or timezone.localdate()
    found = []
    decisions = sorted(item.decisions.all(), key=lambda one: (one.decided_on, one.pk))
    taken = [one for one in decisions if not one.is_to_come(today)]
    coming = [one for one in decisions if one.is_to_come(today)]
    if taken:
        words, last = _("%(who)s decided on %(day)s: %(text)s"), taken[-1]
        found.append(words % {"who": last.taken_by, "day": _day(last.decided_on), "text": last.text})
    if coming:
        words, first = _("%(who)s decides about it on %(day)s."), coming[0]
        found.append(words % {"who": first.taken_by, "day": _day(first.decided_on)})
    if item.stalled_since:
        found.append(_("It stands still since %(day)s.") % {"day": _day(item.stalled_since)})
    elif not (item.state == StrategyItem.State.PROPOSED and found):
        found.append(str(_STATE[StrategyItem.State(item.state)]))
    if item.owner and item.state in (StrategyItem.State.ADOPTED, StrategyItem.State.RUNNING):
        found.append(_("%(who)s sees to it.") % {"who": item.owner})
    return found


def _day(day: date) -> str:
    return date_format(day, "DATE_FORMAT")
