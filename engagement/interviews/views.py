"""Pages to log interviews and read them back."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.accounts.access import StaffRequest, requires
from crm.accounts.models import User
from crm.base.asking import Question, asks
from crm.base.fields import numbers_in
from crm.base.once import once
from engagement.approvals.showing import progress
from engagement.interviews import services
from engagement.interviews.forms import GuideForm, InterviewForm
from engagement.interviews.models import Guide, Interview
from engagement.statements.models import Anchor, Approval, Speaker, Statement
from engagement.statements.showing import numbered

PER_PAGE = 50
TYPED = (
    "state",
    "organisation",
    "held_at",
    "medium",
    "place",
    "interviewer",
    "guide",
    "level",
    "promise",
    "confidential",
    "notes",
    "find",
)
State = Interview.State
STEPS = (State.PLANNED, State.HELD, State.WRITTEN_UP, State.APPROVED)
SETTLED = (Approval.APPROVED, Approval.WITHDRAWN)
# What somebody says; approval follows from what the speakers answer.
SAID = (State.HELD, State.WRITTEN_UP)


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
    interviews = Interview.objects.select_related("organisation", "interviewer", "writeup", "guide")
    interview = get_object_or_404(interviews.prefetch_related("contacts", "themes", "also_by"), pk=pk)
    writeup = interview.writeup
    may_read = writeup.is_readable_by(request.user)
    statements = numbered(writeup) if may_read else []
    step = State.APPROVED if interview.state == State.ASKED else interview.state
    context = {
        "interview": interview,
        "may_read": may_read,
        "steps": [(state, state.value == step) for state in STEPS],
        "progress": progress(writeup, statements),
        "said": len([one for one in statements if one.approval]),
        "settled": len([one for one in statements if one.approval in SETTLED]),
        "statements": statements,
        "by_speaker": _by_speaker(statements),
        "doubts": len([one for one in statements if one.anchor in (Anchor.CHANGED, Anchor.GONE)]),
    }
    return render(request, "engagement/interviews/detail.html", context)


def _by_speaker(statements: list[Statement]) -> list[tuple[Speaker | None, list[Statement]]]:
    """In the order in which they spoke first."""
    found: dict[Speaker | None, list[Statement]] = {}
    for statement in statements:
        found.setdefault(statement.speaker, []).append(statement)
    return list(found.items())


@requires("interviews.change")
@require_http_methods(["GET", "HEAD", "POST"])
@once
def interview_new(request: StaffRequest) -> HttpResponse:
    """?contact= preselects the person from whose page one came; ?state=planned means one that is still to
    come, with ?nobody one that nobody is to hold yet.
    """
    interviewer = None if "nobody" in request.GET else request.user
    return _edit(request, Interview(interviewer=interviewer), numbers_in(request.GET.getlist("contact")))


@requires("interviews.change")
@require_http_methods(["GET", "HEAD", "POST"])
def interview_edit(request: StaffRequest, pk: int) -> HttpResponse:
    interview = _open_to(request.user, pk)
    return _edit(request, interview, list(interview.contacts.values_list("pk", flat=True)))


def _open_to(user: User, pk: int) -> Interview:
    """One held in confidence is changed by who held it only: else anybody could let themselves in."""
    interview = get_object_or_404(Interview.objects.select_related("writeup"), pk=pk)
    if not interview.writeup.is_readable_by(user):
        raise PermissionDenied
    return interview


def _deleting(request: StaffRequest, pk: int) -> Question:
    interview = get_object_or_404(Interview.objects.prefetch_related("contacts"), pk=pk)
    template = "engagement/interviews/ask_delete.html"
    return Question(template, interview.get_absolute_url(), {"interview": interview})


@requires("interviews.change")
@require_POST
@asks(_deleting)
def interview_delete(request: StaffRequest, pk: int) -> HttpResponse:
    interview = _open_to(request.user, pk)
    try:
        services.delete_interview(interview=interview)
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
        return redirect(interview)
    messages.success(request, _("The interview is deleted."))
    return redirect("interview_list")


@requires("interviews.change")
@require_POST
def interview_step(request: StaffRequest, pk: int) -> HttpResponse:
    """POST state, of one that was held."""
    interview = _open_to(request.user, pk)
    state = request.POST.get("state", "")
    if state in SAID and interview.state in Interview.COUNTING:
        services.take_step(interview=interview, state=state)
    return redirect(interview)


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
                    "also_by": request.POST.getlist("also_by"),
                },
            )
        else:
            form = InterviewForm(request.POST, instance=interview, chosen=[*chosen, *ticked])
            if form.is_valid() and (response := _saved(request, form)):
                return response
    return render(request, "engagement/interviews/form.html", {"form": form, "interview": interview})


def _saved(request: StaffRequest, form: InterviewForm) -> HttpResponse | None:
    data = form.cleaned_data
    form.instance.organisation = data["organisation"]
    try:
        saved = services.save_interview(
            interview=form.instance,
            contacts=data["contacts"],
            themes=data["themes"],
            also_by=data["also_by"],
            notes=data.get("notes", ""),
            confidential=data["confidential"],
        )
    except ValidationError as problem:
        form.add_error("contacts", problem)
        return None
    counts = saved.state in Interview.COUNTING
    messages.success(request, _("The interview is in.") if counts else _("Saved."))
    return redirect(saved)


@requires("interviews.view")
@require_safe
def guide_list(request: StaffRequest) -> HttpResponse:
    return render(request, "engagement/interviews/guides.html", {"guides": Guide.objects.all()})


@requires("interviews.change")
@require_http_methods(["GET", "HEAD", "POST"])
@once
def guide_new(request: StaffRequest) -> HttpResponse:
    return _edit_guide(request, Guide())


@requires("interviews.change")
@require_http_methods(["GET", "HEAD", "POST"])
def guide_edit(request: StaffRequest, pk: int) -> HttpResponse:
    return _edit_guide(request, get_object_or_404(Guide, pk=pk))


def _edit_guide(request: StaffRequest, guide: Guide) -> HttpResponse:
    form = GuideForm(request.POST if request.method == "POST" else None, instance=guide)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("The guide is saved."))
        return redirect("guide_list")
    return render(request, "engagement/interviews/guide.html", {"form": form, "guide": guide})
