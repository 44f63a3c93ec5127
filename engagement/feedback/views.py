"""Where the team sees what each speaker would be told, and sends it."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from crm.accounts.access import StaffRequest, requires
from crm.accounts.models import User
from crm.base.asking import Question, asks
from crm.base.fields import numbers_in
from crm.contacts.models import Contact
from engagement.feedback import services
from engagement.feedback.becoming import Told, tally, told_to
from engagement.feedback.checks import problems
from engagement.feedback.forms import TellForm
from engagement.feedback.mails import TELLING, outcomes_for
from engagement.mailings.audience import people_in, reasons_for
from engagement.mailings.kinds import Mail
from engagement.mailings.models import Message, Reason
from engagement.statements.models import Speaker, Writeup

PER_PAGE = 25


@dataclass(frozen=True)
class Candidate:
    """Somebody of whose words something became, with what is wrong and the mail that they would get."""

    speaker: Speaker
    told: list[Told]
    problems: list[str]
    tally: str
    mail: Mail | None
    due: bool

    @property
    def may_be_told(self) -> bool:
        return self.due and not self.problems


def _speakers(user: User) -> QuerySet[Speaker]:
    """Whoever said something that carries a part of the strategy, but for what was confided to others."""
    readable = Writeup.objects.readable_by(user)
    rows = Speaker.objects.filter(contact__isnull=False, writeup__in=readable)
    rows = rows.filter(statements__evidence__isnull=False).distinct()
    return rows.select_related("contact", "organisation", "writeup").order_by("contact__sort_key", "pk")


def _chosen(request: StaffRequest) -> tuple[QuerySet[Speaker], TellForm]:
    """Those of ?writeup=, of one conversation, or all; and the form with which some of them are told."""
    rows = _speakers(request.user)
    if only := numbers_in(request.GET.getlist("writeup")):
        rows = rows.filter(writeup__in=only)
    form = TellForm(request.POST if request.method == "POST" else None)
    form.fields["speakers"].queryset = rows  # type: ignore[attr-defined]
    return rows, form


def _telling(request: StaffRequest) -> Question | None:
    _rows, form = _chosen(request)
    if not form.is_valid():
        return None
    speakers = list(form.cleaned_data["speakers"])
    template = "engagement/feedback/ask_send.html"
    return Question(template, request.get_full_path(), {"speakers": speakers}, promise=str(len(speakers)))


@requires("feedback.send")
@require_http_methods(["GET", "HEAD", "POST"])
@asks(_telling)
def feedback_send(request: StaffRequest) -> HttpResponse:
    """Who can be told, with each mail; ?all ticks them all. POST sends to who is ticked."""
    rows, form = _chosen(request)
    if form.is_valid():
        told = services.tell(speakers=form.cleaned_data["speakers"], by=request.user)
        said = ngettext("%(n)s person is told.", "%(n)s people are told.", len(told))
        messages.success(request, said % {"n": len(told)})
        return redirect(request.get_full_path())
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    candidates = _candidates(list(page))
    ready = [one for one in candidates if one.may_be_told]
    context = {
        "form": form,
        "page": page,
        "ready": ready,
        "ticked": {one.speaker.pk for one in ready if "all" in request.GET},
        "kept_back": [one for one in candidates if one.due and one.problems],
        "done": [one for one in candidates if not one.due],
    }
    return render(request, "engagement/feedback/send.html", context)


def _candidates(speakers: list[Speaker]) -> list[Candidate]:
    people = {one.pk: one for one in people_in(one.contact_id for one in speakers if one.contact_id)}
    reasons = reasons_for(people.values(), TELLING, 0)
    return [_candidate(one, people[one.contact_id], reasons[one.contact_id]) for one in speakers]  # type: ignore[index]


def _candidate(speaker: Speaker, contact: Contact, reason: Reason) -> Candidate:
    told = told_to(speaker)
    wrong = problems(contact, told, reason)
    return Candidate(
        speaker,
        told,
        wrong,
        tally(told),
        None if wrong else _preview(speaker, contact),
        services.is_to_be_told(speaker),
    )


def _preview(speaker: Speaker, contact: Contact) -> Mail | None:
    """The mail as they would get it now; its links open nothing."""
    message = Message(
        kind=TELLING.name,
        about_id=0,
        contact=contact,
        purpose=TELLING.purpose,
        address=contact.email(),
        language=contact.language,
        created_at=timezone.now(),
    )
    letter = outcomes_for(message, speaker)
    return None if letter.problem else TELLING.compose(letter, letter.fields)
