"""Bringing a spreadsheet in: the earlier ones, the form, the columns, the plan and its result."""

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from crm.accounts.access import StaffRequest, requires
from crm.base.asking import asks
from crm.base.downloads import download
from crm.base.once import once
from crm.base.paging import key_set_page
from crm.base.said import told
from crm.base.writers import FORMATS
from crm.imports import questions, services
from crm.imports.applying.waiting import settle
from crm.imports.forms import ColumnsForm, UploadForm
from crm.imports.models import ImportBatch, ImportRow
from crm.imports.planning.deciding import CannotDecide, choices_in, decide, decide_all
from crm.imports.reading.stream import most_megabytes
from crm.imports.refused_rows import refused_table
from crm.imports.shown import (
    brought_in,
    columns_used,
    decided_meanwhile,
    figures,
    progress,
    shown_rows,
    tell_by,
)
from crm.imports.undoing.pieces import undo_chosen
from crm.provenance.services import note_told, take_back_told

State = ImportBatch.State
_ROWS_PER_PAGE = 100
_BATCHES_PER_PAGE = 50
_CORRECTABLE = (State.MAPPING, State.PLANNED)


@requires("imports.run")
def import_list(request: StaffRequest) -> HttpResponse:
    batches = Paginator(ImportBatch.objects.select_related("created_by"), _BATCHES_PER_PAGE)
    return render(request, "crm/imports/list.html", {"page": batches.get_page(request.GET.get("page"))})


@requires("imports.run", largest_file=most_megabytes() << 20)
@once
def import_new(request: StaffRequest) -> HttpResponse:
    """The file is kept and the page returns at once; a worker reads it."""
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if request.method == "POST" and form.is_valid():
        return redirect(services.upload(**form.cleaned_data, by=request.user))
    return render(request, "crm/imports/new.html", {"form": form})


@requires("imports.run")
def import_detail(request: StaffRequest, pk: int) -> HttpResponse:
    batch = get_object_or_404(ImportBatch.objects.select_related("created_by", "layout"), pk=pk)
    if batch.state == State.MAPPING:
        return redirect("import_columns", pk)
    action = request.GET.get("action", "")
    if action not in ("", *ImportRow.Action.values):
        raise Http404
    rows = batch.rows.filter(action=action) if action else batch.rows.all()
    page = key_set_page(
        rows.select_related("contact", "organisation", "decided_by"),
        order="position",
        after=request.GET.get("after"),
        before=request.GET.get("before"),
        total=rows.count(),
        size=_ROWS_PER_PAGE,
    )
    shown = shown_rows(batch, page.rows)
    context = {
        "batch": batch,
        "problem": told(batch.problem),
        "remarks": [told([remark]) for remark in batch.remarks],
        "action": action,
        "figures": figures(batch, action),
        "page": page,
        "rows": shown,
        "columns": columns_used(batch),
        "to_write": batch.rows.that_write().count(),
        "to_decide": batch.rows.to_decide().count(),
        "deciding": batch.state == State.PLANNED or any(one.options for one in shown),
        "refused": batch.rows.filter(action=ImportRow.Action.REFUSED).exists(),
        "tell_by": tell_by(batch),
        "to_tell": brought_in(batch).to_tell(),
        "told": brought_in(batch).told_last(),
        "progress": progress(batch) if batch.is_running or batch.state == State.PAUSED else None,
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
def import_columns(request: StaffRequest, pk: int) -> HttpResponse:
    """What each column holds, to be confirmed or put right; also another sheet can be chosen."""
    batch = get_object_or_404(ImportBatch, pk=pk)
    if batch.state not in _CORRECTABLE and request.method == "POST":
        return _decided(request, batch)
    form = ColumnsForm(batch, request.POST if "kind" in request.POST else None)
    if request.method == "POST" and (sheet := request.POST.get("sheet")) in batch.all_sheets:
        return redirect(services.choose_sheet(batch=batch, sheet=str(sheet)))
    if request.method == "POST" and form.is_valid():
        chosen = {"kind": form.cleaned_data["kind"], "sector": form.cleaned_data["sector"]}
        services.confirm_columns(batch=batch, fields=form.chosen(), by=request.user, **chosen)
        return redirect(batch)
    context = {
        "batch": batch,
        "remarks": [told([remark]) for remark in batch.remarks],
        "form": form,
        "correctable": batch.state in _CORRECTABLE,
    }
    return render(request, "crm/imports/columns.html", context)


@requires("imports.run")
@require_POST
def import_decide(request: StaffRequest, pk: int) -> HttpResponse:
    """The choices of a page, or one for all rows of a kind; when the rest is applied, they are too."""
    batch = get_object_or_404(ImportBatch, pk=pk)
    action = request.POST.get("action", "")
    try:
        if "all" in request.POST:
            others = decide_all(batch=batch, action=action, decision=request.POST["all"], by=request.user)
            _tell_of_others(request, others)
        else:
            if _keep_choices(request, batch):
                messages.success(request, _("Your choices are kept."))
    except services.NotPlanned:
        return _decided(request, batch)
    except (CannotDecide, ValueError):
        return HttpResponseBadRequest(_("This cannot be chosen."))
    return redirect(f"{batch.get_absolute_url()}?action={action}" if action else batch)


def _keep_choices(request: StaffRequest, batch: ImportBatch) -> bool:
    """Whether all that was chosen on the page is kept; what is not is told."""
    choices = choices_in((name, str(value)) for name, value in request.POST.items())
    service = settle if batch.state == State.APPLIED else decide
    decided = service(batch=batch, choices=choices, by=request.user)
    for row in decided.meanwhile:
        messages.warning(request, decided_meanwhile(row))
    return not decided.meanwhile


def _tell_of_others(request: StaffRequest, count: int) -> None:
    messages.success(request, _("Your choices are kept."))
    if count:
        text = ngettext(
            "%(count)d row stays as somebody else decided.",
            "%(count)d rows stay as somebody else decided.",
            count,
        )
        messages.warning(request, text % {"count": count})


@requires("imports.run")
@require_POST
@asks(questions.about_applying)
def import_apply(request: StaffRequest, pk: int) -> HttpResponse:
    """With the choices of the page on which somebody pressed the button, unless one of them was overtaken."""
    batch = get_object_or_404(ImportBatch, pk=pk)
    try:
        if batch.state != State.PLANNED or _keep_choices(request, batch):
            services.queue(batch=batch)
    except services.NotPlanned:
        return _decided(request, batch)
    except CannotDecide:
        return HttpResponseBadRequest(_("This cannot be chosen."))
    return redirect(batch)


@requires("imports.run")
@require_POST
def import_pause(request: StaffRequest, pk: int) -> HttpResponse:
    return _do(request, pk, services.pause)


@requires("imports.run")
@require_POST
@asks(questions.about_undoing)
def import_undo(request: StaffRequest, pk: int) -> HttpResponse:
    """All of it in the background, or at once the row that is named."""
    position = request.POST.get("row", "")
    if not position:
        return _do(request, pk, services.undo)
    batch = get_object_or_404(ImportBatch, pk=pk)
    if not (position.isdecimal() and len(position) < 10):
        return HttpResponseBadRequest(_("This cannot be chosen."))
    rows = undo_chosen(batch=batch, positions=[int(position)])
    text = ngettext("%(count)d row is undone.", "%(count)d rows are undone.", len(rows))
    messages.success(request, text % {"count": len(rows)})
    return redirect(batch)


@requires("imports.run")
@require_POST
def import_told(request: StaffRequest, pk: int) -> HttpResponse:
    """Everybody whom it brought in was written to about where their data come from, or that was a mistake."""
    batch = get_object_or_404(ImportBatch, pk=pk)
    if told_at := request.POST.get("back"):
        count = take_back_told(people=brought_in(batch), told_at=told_at, by=request.user)
        text = ngettext(
            "%(count)d person is to be told again.", "%(count)d people are to be told again.", count
        )
    else:
        count = note_told(people=brought_in(batch), by=request.user)
        text = ngettext("%(count)d person was told.", "%(count)d people were told.", count)
    messages.success(request, text % {"count": count})
    return redirect(batch)


@requires("imports.run")
@require_POST
@asks(questions.about_discarding)
def import_discard(request: StaffRequest, pk: int) -> HttpResponse:
    batch = get_object_or_404(ImportBatch, pk=pk)
    try:
        services.discard(batch=batch)
    except services.NotPlanned:
        messages.warning(request, _("This import was decided already: it cannot be thrown away."))
        return redirect(batch)
    messages.success(request, _("The plan for %(file)s is thrown away.") % {"file": batch.file_name})
    return redirect("import_list")


@requires("imports.run")
def import_refused(request: StaffRequest, pk: int) -> HttpResponse:
    """The refused rows as a workbook, to be put right and brought in again."""
    batch = get_object_or_404(ImportBatch, pk=pk)
    form = FORMATS["xlsx"]
    return download(
        form.write(refused_table(batch)),
        name=_("Refused rows"),
        suffix=form.suffix,
        content_type=form.content_type,
        user=request.user,
    )


def _do(request: StaffRequest, pk: int, service: Callable[..., ImportBatch]) -> HttpResponse:
    batch = get_object_or_404(ImportBatch, pk=pk)
    try:
        service(batch=batch)
    except services.NotPlanned:
        return _decided(request, batch)
    return redirect(batch)


def _decided(request: StaffRequest, batch: ImportBatch) -> HttpResponse:
    messages.warning(request, _("This import was decided already: nothing is done twice."))
    return redirect(batch)
