"""Pages to log interviews and read them back."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from crm.accounts.access import StaffRequest, requires
from engagement.interviews import services
from engagement.interviews.forms import InterviewForm
from engagement.interviews.models import Interview

PER_PAGE = 50


@requires("interviews.view")
@require_safe
def interview_list(request: StaffRequest) -> HttpResponse:
    interviews = Interview.objects.select_related("organisation", "interviewer").prefetch_related(
        "contacts", "themes", "organisation__sectors"
    )
    page = Paginator(interviews, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "engagement/interviews/list.html", {"page": page})


@requires("interviews.view")
@require_safe
def interview_detail(request: StaffRequest, pk: int) -> HttpResponse:
    interviews = Interview.objects.select_related("organisation", "interviewer")
    interview = get_object_or_404(interviews.prefetch_related("contacts", "themes"), pk=pk)
    return render(request, "engagement/interviews/detail.html", {"interview": interview})


@requires("interviews.change")
@require_http_methods(["GET", "HEAD", "POST"])
def interview_new(request: StaffRequest) -> HttpResponse:
    """?contact= preselects the person from whose page one came."""
    asked = request.GET.get("contact", "")
    initial = {"contacts": [int(asked)]} if asked.isdecimal() else {}
    return _edit(request, Interview(interviewer=request.user), initial)


@requires("interviews.change")
@require_http_methods(["GET", "HEAD", "POST"])
def interview_edit(request: StaffRequest, pk: int) -> HttpResponse:
    return _edit(request, get_object_or_404(Interview, pk=pk), {})


def _edit(request: StaffRequest, interview: Interview, initial: dict[str, list[int]]) -> HttpResponse:
    form = InterviewForm(request.POST or None, instance=interview, initial=initial)
    if request.method == "POST" and form.is_valid():
        form.instance.organisation = form.cleaned_data["organisation"]
        saved = services.save_interview(
            interview=form.instance,
            contacts=form.cleaned_data["contacts"],
            themes=form.cleaned_data["themes"],
        )
        messages.success(request, _("The interview is in."))
        return redirect(saved)
    return render(request, "engagement/interviews/form.html", {"form": form, "interview": interview})
