"""The thread: the strategy as a tree with who carries it, and each part of it down to the sentences."""

from collections.abc import Container

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from crm.accounts.access import StaffRequest, requires
from crm.base.writers import FORMATS
from engagement.evidence.coverage import FLAG_NAMES, Flag
from engagement.evidence.models import Evidence
from engagement.strategy.models import StrategyItem
from engagement.strategy.tree import path_of
from engagement.strategy.versions import versions
from engagement.thread.beside import beside_part
from engagement.thread.item import thread_of
from engagement.thread.overview import ASPECTS, overview


@requires("strategy.view")
@require_safe
def strategy_tree(request: StaffRequest) -> HttpResponse:
    """?flag= and ?aspect= narrow down which measures are shown."""
    flag = _one_of(request, "flag", [*Flag])
    aspect = _one_of(request, "aspect", ASPECTS)
    found = overview(flag=Flag(flag) if flag else None, aspect=aspect)
    figures = [(one.value, FLAG_NAMES[one], found.flags[one]) for one in Flag]
    context = {
        "found": found,
        "figures": figures,
        "flag": flag,
        "aspect": aspect,
        "aspects": [(one.value, one.label) for one in ASPECTS],
        "formats": FORMATS.items(),
    }
    return render(request, "engagement/thread/tree.html", context)


@requires("strategy.view")
@require_safe
def strategy_item(request: StaffRequest, pk: int) -> HttpResponse:
    """?outcome= narrows down which sentences are shown."""
    rows = StrategyItem.objects.select_related("parent__parent", "owner", "owner_contact")
    item = get_object_or_404(rows, pk=pk)
    outcome = _one_of(request, "outcome", Evidence.Outcome.values)
    thread = thread_of(item, outcome=outcome)
    outcomes = [(value, label, thread.outcomes[value]) for value, label in Evidence.Outcome.choices]
    context = {
        "item": item,
        "path": path_of(item),
        "thread": thread,
        "outcome": outcome,
        "outcomes": outcomes,
        "total": thread.outcomes.total(),
        "decisions": item.decisions.select_related("body", "organisation"),
        "today": timezone.localdate(),
        "sections": beside_part(item, [one.item.pk for one in thread.branch.walk()], request.user),
        "version": next((one for one in versions(item) if one.is_text), None),
    }
    return render(request, "engagement/thread/item.html", context)


def _one_of(request: StaffRequest, name: str, choices: Container[str]) -> str:
    value = request.GET.get(name, "")
    return value if value in choices else ""
