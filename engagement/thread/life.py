"""What became of a statement: where it landed with which outcome, and what was or will be decided on that."""

from collections.abc import Iterable

from django.utils import timezone

from crm.accounts.models import User
from crm.accounts.roles import may
from engagement.decisions.models import Decision
from engagement.evidence.models import Evidence
from engagement.statements.life import Step, register_steps
from engagement.statements.models import Statement
from engagement.strategy.tree import path_of


def _links(statement: Statement, reader: User) -> Iterable[Step]:
    """Each with the way up to the pillar."""
    if not may(reader, "strategy.view"):
        return []
    rows = Evidence.objects.filter(statement=statement).order_by("linked_at", "pk")
    return [
        Step(
            timezone.localdate(one.linked_at),
            "engagement/thread/life_link.html",
            {"evidence": one, "path": path_of(one.item)},
        )
        for one in rows.select_related("item__parent__parent", "linked_by")
    ]


def _decisions(statement: Statement, reader: User) -> Iterable[Step]:
    """About the parts where it landed."""
    if not may(reader, "strategy.view"):
        return []
    about = Decision.objects.filter(items__evidence__statement=statement).distinct()
    about = about.select_related("body", "organisation").prefetch_related("items")
    landed = set(Evidence.objects.filter(statement=statement).values_list("item", flat=True))
    return [
        Step(
            one.decided_on,
            "engagement/thread/life_decision.html",
            {"decision": one, "items": [item for item in one.items.all() if item.pk in landed]},
            to_come=one.is_to_come(),
        )
        for one in about.order_by("decided_on", "pk")
    ]


register_steps(40, _links)
register_steps(50, _decisions)
