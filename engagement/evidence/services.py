"""Saying which statements a part of the strategy rests on and what became of each; and taking it back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.base.tracking import keep
from engagement.evidence.models import Evidence
from engagement.statements.models import Statement
from engagement.strategy.models import StrategyItem


@dataclass(frozen=True)
class Linked:
    """`new` were linked now, `there` were linked before and stay as they are."""

    new: Sequence[Evidence]
    there: Sequence[Evidence]


@transaction.atomic
def link(
    *,
    statements: Collection[int],
    item: StrategyItem,
    outcome: str,
    reason_nl: str = "",
    reason_en: str = "",
    by: User,
) -> Linked:
    """Let `item` rest on the statements with these keys, leaving out those that are gone or withdrawn.

    Of two people who link the same pair the second one waits, and finds it among `there`. ValidationError
    when the part is gone.
    """
    if StrategyItem.objects.select_for_update().filter(pk=item.pk).first() is None:
        raise ValidationError({"item": _("Somebody deleted this part of the strategy meanwhile.")})
    locked = Statement.objects.linkable().filter(pk__in=statements).order_by("pk").select_for_update()
    wanted = [one.pk for one in locked]
    there = list(item.evidence.filter(statement__in=wanted).select_related("statement", "linked_by"))
    known = {one.statement_id for one in there}
    new = Evidence.objects.bulk_create(
        Evidence(
            statement_id=key,
            item=item,
            outcome=outcome,
            reason_nl=reason_nl,
            reason_en=reason_en,
            linked_by=by,
        )
        for key in wanted
        if key not in known
    )
    keep(Evidence, [one.pk for one in new], "+", by=by)
    return Linked(new, there)


@transaction.atomic
def change(*, evidence: Evidence) -> Evidence:
    """Store another outcome or other reasons; its history keeps who said so and what stood there.

    ValidationError when somebody took the link away.
    """
    if Evidence.objects.select_for_update().filter(pk=evidence.pk).first() is None:
        raise ValidationError(_("Somebody took this link away meanwhile. What you typed is still here."))
    evidence.save()
    return evidence


@transaction.atomic
def unlink(*, evidence: Evidence) -> None:
    """Let the part not rest on the statement any more; its history stays."""
    evidence.delete()


@transaction.atomic
def undo(*, keys: Collection[int], by: User) -> tuple[int, int]:
    """Take back what `by` linked: how many went, and how many stay because they were changed since."""
    rows = list(Evidence.objects.select_for_update().filter(pk__in=keys, linked_by=by))
    changed = set(Evidence.history.filter(id__in=keys, history_type="~").values_list("id", flat=True))
    gone = [one.pk for one in rows if one.pk not in changed]
    keep(Evidence, gone, "-", by=by)
    Evidence.objects.filter(pk__in=gone).delete()
    return len(gone), len(changed & {one.pk for one in rows})
