"""Changing many contacts at once: choose what, look at how many, do it, take it back."""

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.accounts.access import StaffRequest, requires
from crm.base.once import once
from crm.base.paging import key_set_page
from crm.contacts.models import Contact
from crm.directory.bulk import services, shown
from crm.directory.bulk.forms import BulkForm
from crm.directory.bulk.models import BulkAction
from crm.directory.contacts.chips import chips
from crm.directory.contacts.filters import ContactFilter
from crm.directory.segments.models import Segment
from crm.directory.segments.services import as_stored

_ACTIONS_PER_PAGE = 50
_DECIDED = gettext_lazy("This was decided already: nothing is done twice.")


@requires("contacts.change")
@require_safe
def bulk_list(request: StaffRequest) -> HttpResponse:
    actions = Paginator(BulkAction.objects.select_related("created_by", "theme"), _ACTIONS_PER_PAGE)
    page = actions.get_page(request.GET.get("page"))
    rows = [(action, shown.sentence(action)) for action in page]
    return render(request, "crm/bulk/list.html", {"page": page, "rows": rows})


@requires("contacts.change")
@require_http_methods(["GET", "HEAD", "POST"])
@once
def bulk_new(request: StaffRequest) -> HttpResponse:
    """What to do with whom the filter in the address finds, or with the rows ticked in the list."""
    segment = Segment.objects.chosen_by(request.user, request.GET)
    data = segment.query() if segment else request.GET
    chosen = ContactFilter(data, Contact.objects.all())
    if not chosen.is_valid():
        messages.warning(request, _("This filter has a mistake. Go back and set it right."))
        return redirect("contact_list")
    if "ticked" in request.GET and not chosen.form.cleaned_data["pick"]:
        messages.warning(request, _("Nobody was ticked. Tick people in the list first."))
        return redirect("contact_list")
    form = BulkForm(request.POST if request.method == "POST" else None, user=request.user)
    if request.method == "POST" and form.is_valid():
        action = services.plan(
            change=form.change(), contacts=chosen.qs, audience=as_stored(data), by=request.user
        )
        return redirect(action)
    context = {"form": form, "found": chosen.qs.count(), "q": data.get("q", "")}
    context["chips"] = chips(data, chosen.form.cleaned_data)
    return render(request, "crm/bulk/new.html", context)


@requires("contacts.change")
@require_safe
def bulk_detail(request: StaffRequest, pk: int) -> HttpResponse:
    action = get_object_or_404(BulkAction.objects.select_related("created_by", "tag", "theme"), pk=pk)
    planned = action.state == BulkAction.State.PLANNED
    total = action.rows.count()
    page = key_set_page(
        action.rows.select_related("contact"),
        order="position",
        after=request.GET.get("after"),
        before=request.GET.get("before"),
        total=total,
    )
    context = {
        "action": action,
        "sentence": shown.sentence(action),
        "total": total,
        "figures": shown.expected(action) if planned else shown.results(action),
        "progress": shown.progress(action) if action.is_running else None,
        "undoable": action.rows.filter(outcome="changed").count(),
        "page": page,
    }
    return render(request, "crm/bulk/detail.html", context)


@requires("contacts.change")
@require_safe
def bulk_progress(request: StaffRequest, pk: int) -> HttpResponse:
    """The bar alone, for htmx; it asks for the whole page when the work is done."""
    action = get_object_or_404(BulkAction, pk=pk)
    if request.headers.get("HX-Request") and not action.is_running:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "crm/bulk/progress.html", {"action": action, "progress": shown.progress(action)})


@requires("contacts.change")
@require_POST
def bulk_start(request: StaffRequest, pk: int) -> HttpResponse:
    return _decide(request, pk, services.start)


@requires("contacts.change")
@require_POST
def bulk_undo(request: StaffRequest, pk: int) -> HttpResponse:
    return _decide(request, pk, services.undo)


@requires("contacts.change")
@require_POST
def bulk_discard(request: StaffRequest, pk: int) -> HttpResponse:
    action = get_object_or_404(BulkAction, pk=pk)
    try:
        services.discard(action=action)
    except services.DecidedAlready:
        messages.warning(request, _DECIDED)
        return redirect(action)
    messages.success(request, _("Thrown away; nothing was changed."))
    return redirect("contact_list")


def _decide(request: StaffRequest, pk: int, decision: Callable[..., BulkAction]) -> HttpResponse:
    action = get_object_or_404(BulkAction, pk=pk)
    try:
        decision(action=action)
    except services.DecidedAlready:
        messages.warning(request, _DECIDED)
    return redirect(action)
