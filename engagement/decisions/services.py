"""Recording what was decided."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from engagement.decisions.models import Decision
from engagement.strategy.models import StrategyItem


@transaction.atomic
def save_decision(*, decision: Decision, items: Iterable[StrategyItem]) -> Decision:
    """Store a new or changed one, about these parts. ValidationError when somebody deleted it meanwhile."""
    if decision.pk and Decision.objects.select_for_update().filter(pk=decision.pk).first() is None:
        raise ValidationError(_("Somebody deleted this decision meanwhile. What you typed is still here."))
    decision.save()
    decision.items.set(items)
    return decision


@transaction.atomic
def delete_decision(*, decision: Decision) -> None:
    """Take it away; its history stays."""
    decision.delete()
