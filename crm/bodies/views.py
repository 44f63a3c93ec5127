"""Bodies as they are on any day, and the forms that change them."""

from datetime import date

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.accounts.access import StaffRequest, requires
from crm.base.asking import Question, asks
from crm.base.downloads import as_download
from crm.base.once import once
from crm.base.writers import FORMATS
from crm.bodies import services
from crm.bodies.exports import seat_table
from crm.bodies.forms import BodyForm, DayForm, HandOverForm, SeatForm, TermForm
from crm.bodies.models import Body, Seat, SeatHolder
from crm.bodies.shown import bodies_on, seat_rows


@requires("bodies.view")
@require_safe
def body_list(request: StaffRequest) -> HttpResponse:
    return render(request, "crm/bodies/list.html", {"bodies": bodies_on(timezone.localdate())})


@requires("bodies.view")
@require_safe
def body_detail(request: StaffRequest, pk: int) -> HttpResponse:
    """?on=YYYY-MM-DD shows another day than today."""
    body = get_object_or_404(Body, pk=pk)
    today = timezone.localdate()
    form, day = _day(request)
    rows = seat_rows(body, day)
    context = {
        "body": body,
        "form": form,
        "day": day,
        "today": today,
        "formats": FORMATS.items(),
        "rows": rows,
        "vacant": sum(row.term is None for row in rows),
        "former": [term for row in rows for term in row.former],
        "abolished": body.seats.filter(abolished_on__lte=day).select_related("organisation"),
    }
    return render(request, "crm/bodies/detail.html", context)


def _day(request: StaffRequest) -> tuple[DayForm, date]:
    """The day asked for, today when none or a wrong one is."""
    today = timezone.localdate()
    form = DayForm(request.GET if "on" in request.GET else None, initial={"on": today})
    return form, form.cleaned_data["on"] if form.is_bound and form.is_valid() else today


@requires("contacts.export")
@require_safe
def body_export(request: StaffRequest, pk: int, kind: str) -> HttpResponse:
    body = get_object_or_404(Body, pk=pk)
    if kind not in FORMATS:
        raise Http404
    _form, day = _day(request)
    return as_download(seat_table(body, day), FORMATS[kind], user=request.user)


@requires("bodies.change")
@require_http_methods(["GET", "HEAD", "POST"])
@once
def body_new(request: StaffRequest) -> HttpResponse:
    return _body_form(request, None)


@requires("bodies.change")
@require_http_methods(["GET", "HEAD", "POST"])
def body_edit(request: StaffRequest, pk: int) -> HttpResponse:
    return _body_form(request, get_object_or_404(Body, pk=pk))


def _body_form(request: StaffRequest, body: Body | None) -> HttpResponse:
    name = str(body or "")
    form = BodyForm(request.POST if request.method == "POST" else None, instance=body)
    if request.method == "POST" and form.is_valid():
        saved = services.save_body(body=form.instance)
        messages.success(request, _("%(name)s is saved.") % {"name": saved})
        return redirect(saved)
    return render(request, "crm/bodies/form.html", {"body": body, "name": name, "form": form})


@requires("bodies.change")
@require_http_methods(["GET", "HEAD", "POST"])
@once
def body_add_seat(request: StaffRequest, pk: int) -> HttpResponse:
    body = get_object_or_404(Body, pk=pk)
    return _seat_form(request, Seat(body=body, position=body.seats.count() + 1))


@requires("bodies.change")
@require_http_methods(["GET", "HEAD", "POST"])
def seat_edit(request: StaffRequest, pk: int) -> HttpResponse:
    return _seat_form(request, get_object_or_404(Seat.objects.select_related("body", "organisation"), pk=pk))


def _seat_form(request: StaffRequest, seat: Seat) -> HttpResponse:
    name = str(seat) if seat.pk else ""
    form = SeatForm(request.POST if request.method == "POST" else None, instance=seat)
    if request.method == "POST" and form.is_valid():
        try:
            services.save_seat(seat=seat, fields=form.cleaned_data, actor=request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The seat is saved."))
            return redirect(seat.body)
    context = {"seat": seat, "body": seat.body, "name": name, "form": form}
    return render(request, "crm/bodies/seat.html", context)


@requires("bodies.change")
@require_http_methods(["GET", "HEAD", "POST"])
def seat_hand_over(request: StaffRequest, pk: int) -> HttpResponse:
    """Hand over, or with the button "search" show the people found and keep everything that was typed."""
    seat = get_object_or_404(Seat.objects.select_related("body", "organisation"), pk=pk)
    if request.method != "POST":
        form = HandOverForm()
    elif "search" in request.POST:
        typed = {name: request.POST.get(name, "") for name in ("on", "find", "contact", "vacant")}
        form = HandOverForm(initial=typed, chosen=typed["contact"], find=typed["find"])
    else:
        form = HandOverForm(
            request.POST, chosen=request.POST.get("contact", ""), find=request.POST.get("find", "")
        )
        if form.is_valid() and _handed_over(request, seat, form):
            return redirect(seat.body)
    holder = seat.holders.holders_on(timezone.localdate()).select_related("contact").first()
    context = {"seat": seat, "body": seat.body, "form": form, "holder": holder}
    return render(request, "crm/bodies/hand_over.html", context)


def _handed_over(request: StaffRequest, seat: Seat, form: HandOverForm) -> bool:
    contact, on = form.cleaned_data["contact"], form.cleaned_data["on"]
    try:
        services.hand_over(seat=seat, contact=contact, on=on, actor=request.user)
    except ValidationError as error:
        form.add_error(None, error)
        return False
    done = _("%(name)s takes the seat.") % {"name": contact} if contact else _("The seat is vacant.")
    messages.success(request, done)
    return True


def _terms() -> QuerySet[SeatHolder]:
    return SeatHolder.objects.select_related("seat__body", "seat__organisation", "contact")


@requires("bodies.change")
@require_http_methods(["GET", "HEAD", "POST"])
def term_edit(request: StaffRequest, pk: int) -> HttpResponse:
    term = get_object_or_404(_terms(), pk=pk)
    form = TermForm(request.POST if request.method == "POST" else None, instance=term)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_term(term=term, actor=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The term is saved."))
            return redirect(term.seat.body)
    context = {"term": term, "seat": term.seat, "body": term.seat.body, "form": form}
    return render(request, "crm/bodies/term.html", context)


def _about_removing(request: StaffRequest, pk: int) -> Question:
    term = get_object_or_404(_terms(), pk=pk)
    return Question("crm/bodies/ask_remove.html", reverse("term_edit", args=[pk]), {"term": term})


@requires("bodies.change")
@require_POST
@asks(_about_removing)
def term_remove(request: StaffRequest, pk: int) -> HttpResponse:
    """For a term that was entered by mistake."""
    term = get_object_or_404(_terms(), pk=pk)
    services.remove_term(term=term)
    messages.success(request, _("The term is removed, as if it never was."))
    return redirect(term.seat.body)
