"""Pages to log interviews and read them back."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.accounts.access import StaffRequest, requires
from crm.base.asking import Question, asks
from crm.base.fields import numbers_in
from crm.base.once import once
from engagement.interviews import services
from engagement.interviews.forms import InterviewForm
from engagement.interviews.models import Interview

PER_PAGE = 50
TYPED = ("state", "organisation", "held_at", "place", "interviewer", "notes", "find")
State = Interview.State


@requires("interviews.view")
@require_safe
def interview_list(request: StaffRequest) -> HttpResponse:
    interviews = Interview.objects.select_related("organisation", "interviewer").prefetch_related(
        "contacts", "themes", "organisation__sectors"
    )
    state = request.GET.get("state", "")
    if state in State.values:
        interviews = interviews.filter(state=state)
    numbers = dict(Interview.objects.order_by().values_list("state").annotate(Count("pk")))
    states = [("", _("All"), sum(numbers.values()))]
    states += [(one.value, str(one.label), numbers[one.value]) for one in State if one.value in numbers]
    page = Paginator(interviews, PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "states": states, "state": state}
    return render(request, "engagement/interviews/list.html", context)


@requires("interviews.view")
@require_safe
def interview_detail(request: StaffRequest, pk: int) -> HttpResponse:
    interviews = Interview.objects.select_related("organisation", "interviewer")
    interview = get_object_or_404(interviews.prefetch_related("contacts", "themes"), pk=pk)
    return render(request, "engagement/interviews/detail.html", {"interview": interview})


@requires("interviews.change")
@require_http_methods(["GET", "HEAD", "POST"])
@once
def interview_new(request: StaffRequest) -> HttpResponse:
    """?contact= preselects the person from whose page one came, ?state=planned one that is still to come."""
    return _edit(request, Interview(interviewer=request.user), numbers_in(request.GET.getlist("contact")))


@requires("interviews.change")
@require_http_methods(["GET", "HEAD", "POST"])
def interview_edit(request: StaffRequest, pk: int) -> HttpResponse:
    interview = get_object_or_404(Interview, pk=pk)
    return _edit(request, interview, list(interview.contacts.values_list("pk", flat=True)))


def _deleting(request: StaffRequest, pk: int) -> Question:
    interview = get_object_or_404(Interview.objects.prefetch_related("contacts"), pk=pk)
    template = "engagement/interviews/ask_delete.html"
    return Question(template, interview.get_absolute_url(), {"interview": interview})


@requires("interviews.change")
@require_POST
@asks(_deleting)
def interview_delete(request: StaffRequest, pk: int) -> HttpResponse:
    services.delete_interview(interview=get_object_or_404(Interview, pk=pk))
    messages.success(request, _("The interview is deleted."))
    return redirect("interview_list")


def _edit(request: StaffRequest, interview: Interview, chosen: list[int]) -> HttpResponse:
    """Save, or with the button "search" show the people found and keep everything that was typed."""
    if request.method != "POST":
        initial: dict[str, Any] = {"contacts": chosen}
        if request.GET.get("state") in State.values:
            initial["state"] = request.GET["state"]
        form = InterviewForm(instance=interview, chosen=chosen, initial=initial)
    else:
        ticked = numbers_in(request.POST.getlist("contacts"))
        if "search" in request.POST:
            form = InterviewForm(
                instance=interview,
                chosen=[*chosen, *ticked],
                find=request.POST.get("find", ""),
                stamp=request.POST.get("stamp", ""),
                initial={
                    **{name: request.POST.get(name, "") for name in TYPED},
                    "contacts": ticked,
                    "themes": request.POST.getlist("themes"),
                },
            )
        else:
            form = InterviewForm(request.POST, instance=interview, chosen=[*chosen, *ticked])
            if form.is_valid():
                return _saved(request, form)
    return render(request, "engagement/interviews/form.html", {"form": form, "interview": interview})


def _saved(request: StaffRequest, form: InterviewForm) -> HttpResponse:
    form.instance.organisation = form.cleaned_data["organisation"]
    saved = services.save_interview(
        interview=form.instance,
        contacts=form.cleaned_data["contacts"],
        themes=form.cleaned_data["themes"],
    )
    counts = saved.state in Interview.COUNTING
    messages.success(request, _("The interview is in.") if counts else _("Saved."))
    return redirect(saved)
