"""The board of whom to interview next."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from crm.accounts.access import StaffRequest, requires
from crm.base.asking import Question, asks
from crm.base.downloads import download
from crm.base.sectors import Sector
from engagement.followups.models import SOON, FollowUp
from engagement.interviews.models import Interview
from engagement.interviews.services import assign
from engagement.planning.board import Board
from engagement.planning.calendar import appointments
from engagement.planning.forms import AssignForm
from engagement.planning.mails import send_lists

FOLLOW_UPS = 5


@requires("interviews.view")
@require_safe
def interview_plan(request: StaffRequest) -> HttpResponse:
    """?who=me shows what is theirs, ?sector= one O."""
    now = timezone.now()
    sector = request.GET.get("sector", "")
    sector = sector if sector in Sector.values else ""
    mine = request.user if request.GET.get("who") == "me" else None
    board = Board(now=now, mine=mine, sector=sector)
    due = FollowUp.objects.open().filter(due_on__lte=timezone.localdate(now) + SOON)
    interviews = [row.interview for row in board.rows]
    context = {
        "board": board,
        "mine": mine,
        "sector": sector,
        "number_mine": len(board.of(request.user)),
        "readable": {one.pk for one in interviews if one.writeup.is_readable_by(request.user)},
        "follow_ups": due.shown()[:FOLLOW_UPS],
        "follow_up_count": due.count(),
    }
    return render(request, "engagement/planning/board.html", context)


def _mailing(_request: StaffRequest) -> Question | None:
    people = Board(now=timezone.now()).holders
    if not people:
        return None
    template, back = "engagement/planning/ask_mail.html", reverse("interview_plan")
    return Question(template, back, {"people": people}, promise=str(len(people)))


@requires("interviews.change")
@require_POST
@asks(_mailing)
def interview_mail(request: StaffRequest) -> HttpResponse:
    """Send everybody who is to hold a conversation their own list."""
    board = Board(now=timezone.now())
    people = board.holders
    failed = send_lists(board=board, to=people)
    if failed:
        words = _("No mail server took the mail to %(who)s. Try again later.")
        messages.error(request, words % {"who": ", ".join(map(str, failed))})
    if sent := len(people) - len(failed):
        said = ngettext("%(n)s list is sent.", "%(n)s lists are sent.", sent)
        messages.success(request, said % {"n": sent})
    return redirect("interview_plan")


@requires("interviews.view")
@require_safe
def interview_agenda(request: StaffRequest) -> HttpResponse:
    """The appointments of whoever asks, for a calendar."""
    mine = Interview.objects.planned_for(request.user).prefetch_related("contacts")
    content = appointments(mine, now=timezone.now())
    file = {"name": _("Interviews"), "suffix": "ics", "content_type": "text/calendar; charset=utf-8"}
    return download(content, **file, user=request.user)


@requires("interviews.change")
@require_POST
def interview_assign(request: StaffRequest, pk: int) -> HttpResponse:
    """POST interviewer=<key>, or nothing for nobody yet; the query is that of the board."""
    interview = get_object_or_404(Interview.objects.select_related("writeup"), pk=pk)
    if not interview.writeup.is_readable_by(request.user):
        raise PermissionDenied
    form = AssignForm(request.POST)
    if form.is_valid():
        try:
            given = assign(interview=interview, to=form.cleaned_data["interviewer"])
            messages.success(request, _said(given))
        except ValidationError as problem:
            messages.error(request, " ".join(problem.messages))
    else:
        messages.error(request, _("Choose somebody of the team."))
    return redirect(f"{reverse('interview_plan')}?{request.GET.urlencode()}#conversation-{pk}")


def _said(interview: Interview) -> str:
    if interview.state != Interview.State.PLANNED:
        return _("This conversation is not planned any more.")
    if interview.interviewer is None:
        return _("Nobody is to speak to %(person)s yet.") % {"person": interview}
    return _("%(who)s speaks to %(person)s.") % {"who": interview.interviewer, "person": interview}
