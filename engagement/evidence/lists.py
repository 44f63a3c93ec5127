"""How lists of statements are narrowed down by what became of them, and what they tell of it."""

from collections.abc import Mapping, Sequence

import django_filters
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from engagement.evidence.models import NOT_USED, Evidence
from engagement.statements.filters import register_filter
from engagement.statements.listing import ListAct, Remark, register_list_act, register_remarks
from engagement.statements.models import Statement, StatementQuerySet
from engagement.strategy.models import StrategyItem

_NONE = "none"


def _by_outcome(rows: StatementQuerySet, _name: str, outcome: str) -> StatementQuerySet:
    if outcome == _NONE:
        return rows.filter(evidence=None)
    return rows.filter(pk__in=Evidence.objects.filter(outcome=outcome).values("statement"))


def _under(rows: StatementQuerySet, _name: str, item: StrategyItem) -> StatementQuerySet:
    """Those that the part rests on, or what is under it: two levels, for the tree has three."""
    linked = Evidence.objects.filter(item=item)
    for above in ("item__parent", "item__parent__parent"):
        linked |= Evidence.objects.filter(**{above: item})
    return rows.filter(pk__in=linked.values("statement"))


def _what_became(statements: Sequence[Statement], _reader: User) -> Mapping[int, Sequence[Remark]]:
    found: dict[int, list[Remark]] = {}
    for one in Evidence.objects.of(statements):
        said = f"{one.item.code} {one.get_outcome_display()}"
        found.setdefault(one.statement_id, []).append(Remark(said, one.icon))
    unused = [Remark(gettext("not used yet"), NOT_USED)]
    return {one.pk: found.get(one.pk, unused) for one in statements}


register_filter(
    "outcome",
    django_filters.ChoiceFilter(
        label=_("What became of it"),
        choices=[(_NONE, _("not used yet")), *Evidence.Outcome.choices],
        method=_by_outcome,
    ),
)
register_filter(
    "under",
    django_filters.ModelChoiceFilter(
        label=_("Part of the strategy"),
        queryset=StrategyItem.objects.all(),
        method=_under,
    ),
)
register_remarks(_what_became)
register_list_act(ListAct("evidence_link", "link", _("Link statements"), "evidence.change"))
