"""Pages of what was decided and what is on the agenda."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.accounts.access import StaffRequest, requires
from crm.base.asking import Question, asks
from crm.base.fields import numbers_in
from crm.base.once import once
from engagement.decisions import services
from engagement.decisions.forms import DecisionForm
from engagement.decisions.models import Decision
from engagement.strategy.models import StrategyItem

PER_PAGE = 50


@requires("decisions.view")
@require_safe
def decision_list(request: StaffRequest) -> HttpResponse:
    """What is on the agenda, then what was decided."""
    today = timezone.localdate()
    rows = Decision.objects.select_related("body", "organisation").prefetch_related("items")
    context = {
        "agenda": rows.to_come(today),
        "page": Paginator(rows.taken(today), PER_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "engagement/decisions/list.html", context)


@requires("decisions.change")
@require_http_methods(["GET", "HEAD", "POST"])
@once
def decision_new(request: StaffRequest) -> HttpResponse:
    """?item= says about which part."""
    about = StrategyItem.objects.filter(pk__in=numbers_in(request.GET.getlist("item")))
    return _edit(request, Decision(recorded_by=request.user), list(about))


@requires("decisions.change")
@require_http_methods(["GET", "HEAD", "POST"])
def decision_edit(request: StaffRequest, pk: int) -> HttpResponse:
    decision = get_object_or_404(Decision, pk=pk)
    return _edit(request, decision, list(decision.items.all()))


def _edit(request: StaffRequest, decision: Decision, about: list[StrategyItem]) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    form = DecisionForm(data, instance=decision, initial={"items": about})
    if data is not None and form.is_valid():
        try:
            services.save_decision(decision=form.instance, items=form.cleaned_data["items"])
            messages.success(request, _("The decision is saved."))
            return redirect(decision)
        except ValidationError as problem:
            form.add_error(None, problem.messages)
    history = decision.history.select_related("history_user", "body", "organisation") if decision.pk else []
    context = {"form": form, "decision": decision, "history": history}
    return render(request, "engagement/decisions/form.html", context)


def _deleting(_request: StaffRequest, pk: int) -> Question:
    decision = get_object_or_404(Decision, pk=pk)
    return Question(
        "engagement/decisions/ask_delete.html", decision.get_absolute_url(), {"decision": decision}
    )


@requires("decisions.change")
@require_POST
@asks(_deleting)
def decision_delete(request: StaffRequest, pk: int) -> HttpResponse:
    services.delete_decision(decision=get_object_or_404(Decision, pk=pk))
    messages.success(request, _("The decision is deleted."))
    return redirect("decision_list")
