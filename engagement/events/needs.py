"""What people say they need (diet, access, health): special data (GDPR art. 9), gone soon after the event.

Seen with the capability `events.needs`, and on no export but that of `exports.needs_table()`.
"""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import TextField
from django.db.models.functions import Cast
from django.utils import timezone

from crm.duplicates.models import Merge
from engagement.events.models import Event, Participation

_FIELD = "needs"


def kept_until(event: Event) -> date:
    """The last day on which it is known what people need, on the clock of the event."""
    return (event.ends_at + timedelta(days=settings.NEEDS_DAYS)).astimezone(event.zone).date()


@transaction.atomic
def forget_needs(*, now: datetime | None = None) -> int:
    """Wipe what people needed for events that ended NEEDS_DAYS days ago, also where a merge noted it.

    Return how many people that was; a second run finds nothing.
    """
    over = Event.objects.filter(ends_at__lt=(now or timezone.now()) - timedelta(days=settings.NEEDS_DAYS))
    said = Participation.objects.filter(event__in=over).exclude(needs="")
    forgotten = Participation.objects.filter(pk__in=list(said.values_list("pk", flat=True))).update(needs="")
    _forget_in_merges({*over.values_list("pk", flat=True), None})
    return forgotten


def _forget_in_merges(over: Collection[int | None]) -> None:
    """None among the events `over` stands for that of an answer which is not there any more."""
    noting = Merge.objects.annotate(text=Cast("journal", TextField())).filter(text__contains=f'"{_FIELD}"')
    for merged in noting.select_for_update():
        for step in merged.journal:
            if step["model"] == Participation._meta.label_lower and _event_of(step) in over:
                step.get("values", {}).pop(_FIELD, None)
        merged.left = [[code, _without_needs(params)] for code, params in merged.left]
        merged.save(update_fields=["journal", "left"])


def _event_of(step: dict[str, Any]) -> int | None:
    removed: int | None = step.get("values", {}).get("event_id")
    answer = Participation.objects.filter(pk=step["key"]) if "key" in step else Participation.objects.none()
    return removed or answer.values_list("event", flat=True).first()


def _without_needs(params: dict[str, Any]) -> dict[str, Any]:
    """Of what undoing a merge left as it is, all but what somebody needed."""
    values = {name: value for name, value in params.get("values", {}).items() if name != _FIELD}
    now = {"now": ""} if params.get("field") == _FIELD else {}
    return {**params, **({"values": values} if values else {}), **now}
