"""Bringing a spreadsheet in: the earlier ones, the form, the plan and its result."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.accounts.access import StaffRequest, requires
from crm.imports import services
from crm.imports.forms import UploadForm
from crm.imports.models import ImportBatch, ImportRow
from crm.imports.shown import columns_used, figures, progress, shown_rows
from crm.paging import key_set_page

_ROWS_PER_PAGE = 100
_BATCHES_PER_PAGE = 50


@requires("imports.run")
def import_list(request: StaffRequest) -> HttpResponse:
    batches = Paginator(ImportBatch.objects.select_related("created_by"), _BATCHES_PER_PAGE)
    return render(request, "crm/imports/list.html", {"page": batches.get_page(request.GET.get("page"))})


@requires("imports.run")
def import_new(request: StaffRequest) -> HttpResponse:
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        return redirect(services.upload(file=form.cleaned_data["file"], kind=form.cleaned_data["kind"], sector=form.cleaned_data["sector"], by=request.user))
    return render(request, "crm/imports/new.html", {"form": form})


@requires("imports.run")
def import_detail(request: StaffRequest, pk: int) -> HttpResponse:
    batch = get_object_or_404(ImportBatch.objects.select_related("created_by"), pk=pk)
    action = request.GET.get("action", "")
    if action not in ("", *ImportRow.Action.values):
        raise Http404
    rows = batch.rows.filter(action=action) if action else batch.rows.all()
    page = key_set_page(
        rows.select_related("contact", "organisation"),
        order="position",
        after=request.GET.get("after"),
        before=request.GET.get("before"),
        total=rows.count(),
        size=_ROWS_PER_PAGE,
    )
    context = {
        "batch": batch,
        "figures": figures(batch, action),
        "page": page,
        "rows": shown_rows(page.rows),
        "columns": columns_used(batch),
        "to_write": batch.rows.that_write().count(),
        "progress": progress(batch) if batch.is_running else None,
    }
    return render(request, "crm/imports/detail.html", context)


@requires("imports.run")
def import_progress(request: StaffRequest, pk: int) -> HttpResponse:
    """The bar alone, for htmx; it asks for the whole page when the work is done."""
    batch = get_object_or_404(ImportBatch, pk=pk)
    if request.headers.get("HX-Request") and not batch.is_running:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "crm/imports/progress.html", {"batch": batch, "progress": progress(batch)})


@requires("imports.run")
@require_POST
def import_apply(request: StaffRequest, pk: int) -> HttpResponse:
    batch = get_object_or_404(ImportBatch, pk=pk)
    try:
        services.queue(batch=batch)
    except services.NotPlanned:
        messages.warning(request, _("This import was decided already: nothing is done twice."))
    return redirect(batch)


@requires("imports.run")
@require_POST
def import_discard(request: StaffRequest, pk: int) -> HttpResponse:
    batch = get_object_or_404(ImportBatch, pk=pk)
    try:
        services.discard(batch=batch)
    except services.NotPlanned:
        messages.warning(request, _("This import was decided already: it cannot be thrown away."))
        return redirect(batch)
    messages.success(request, _("The plan for %(file)s is thrown away.") % {"file": batch.file_name})
    return redirect("import_list")
