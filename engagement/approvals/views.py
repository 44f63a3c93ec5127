"""What the team does about approval: ask for it, write down what somebody said, take over their words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from crm.accounts.access import StaffRequest, requires
from crm.accounts.models import User
from crm.base.asking import Question, asks
from crm.base.fields import numbers_in
from engagement.approvals import services
from engagement.approvals.forms import AnswerForm, AskForm, SpokenForm
from engagement.approvals.mails import ASKING, letter_about
from engagement.approvals.models import ApprovalRequest
from engagement.mailings.audience import people_in, reasons_for
from engagement.mailings.kinds import Mail
from engagement.mailings.models import Message, Reason
from engagement.statements.capturing import open_writeup
from engagement.statements.models import Speaker, Statement, Writeup
from engagement.statements.services import StatementChanged
from engagement.statements.sources import title_of


@dataclass(frozen=True)
class Candidate:
    """Somebody who can be asked; `reason` says why no mail may reach them, None when it may."""

    speaker: Speaker
    open: int
    last: ApprovalRequest | None
    reason: Reason | None
    due: bool

    @property
    def may_be_asked(self) -> bool:
        return self.due and self.reason is None


def _candidates(writeup: Writeup) -> list[Candidate]:
    """Everybody who spoke and said something, those we know."""
    speakers = list(writeup.speakers.exclude(contact=None).select_related("contact", "organisation"))
    people = people_in(one.contact_id for one in speakers if one.contact_id)
    reasons = reasons_for(people, ASKING, 0)
    asked = {one.contact_id: one for one in writeup.approval_requests.last_ones()}
    found = []
    for speaker in speakers:
        reason = reasons[speaker.contact_id]  # type: ignore[index]
        found.append(
            Candidate(
                speaker,
                speaker.statements.unanswered().count(),
                asked.get(speaker.contact_id),  # type: ignore[arg-type]
                None if reason == Reason.IN_AUDIENCE else reason,
                services.is_to_be_asked(speaker),
            )
        )
    return found


def _form(request: StaffRequest, writeup: Writeup, may: list[int]) -> AskForm:
    """?speaker= ticks that one only."""
    only = numbers_in(request.GET.getlist("speaker"))
    initial = {"speakers": [key for key in may if not only or key in only]}
    form = AskForm(request.POST if request.method == "POST" else None, initial=initial)
    form.fields["speakers"].queryset = writeup.speakers.filter(pk__in=may)  # type: ignore[attr-defined]
    return form


def _asking(request: StaffRequest, pk: int) -> Question | None:
    writeup = open_writeup(request, pk)
    form = _form(request, writeup, [one.speaker.pk for one in _candidates(writeup) if one.may_be_asked])
    if "look" in request.POST or not form.is_valid():
        return None
    speakers = list(form.cleaned_data["speakers"])
    template = "engagement/approvals/ask_send.html"
    return Question(template, request.get_full_path(), {"speakers": speakers}, promise=str(len(speakers)))


@requires("approvals.change")
@require_http_methods(["GET", "HEAD", "POST"])
@asks(_asking)
def approval_ask(request: StaffRequest, pk: int) -> HttpResponse:
    """Who is asked, with the mail that each of them gets; the button "look" shows it with what was typed."""
    writeup = open_writeup(request, pk)
    candidates = _candidates(writeup)
    may = [one.speaker.pk for one in candidates if one.may_be_asked]
    form = _form(request, writeup, may)
    if "look" not in request.POST and form.is_valid():
        asked = services.ask(
            writeup=writeup,
            speakers=form.cleaned_data["speakers"],
            by=request.user,
            note=form.cleaned_data["note"].strip(),
        )
        said = ngettext("%(n)s person is asked.", "%(n)s people are asked.", len(asked))
        messages.success(request, said % {"n": len(asked)})
        return redirect(writeup)
    note = form["note"].value() or ""
    context = {
        "writeup": writeup,
        "title": title_of(writeup),
        "form": form,
        "ticked": {int(key) for key in form["speakers"].value() or [] if str(key).isdecimal()},
        "candidates": [(one, _preview(writeup, one, request.user, note)) for one in candidates],
        "nobody": not may,
    }
    return render(request, "engagement/approvals/ask.html", context)


def _preview(writeup: Writeup, candidate: Candidate, by: User, note: str) -> Mail | None:
    """The mail as they would get it now; its link opens nothing."""
    contact = candidate.speaker.contact
    if not candidate.may_be_asked or contact is None:
        return None
    asked = ApprovalRequest(writeup=writeup, contact=contact, asked_by=by, note=note)
    letter = letter_about(
        Message(
            kind=ASKING.name,
            about_id=0,
            contact=contact,
            purpose=ASKING.purpose,
            address=contact.email(),
            language=contact.language,
            created_at=timezone.now(),
        ),
        asked,
    )
    return None if letter.problem else ASKING.compose(letter, letter.fields)


@requires("approvals.change")
@require_http_methods(["GET", "HEAD", "POST"])
def approval_record(request: StaffRequest, pk: int) -> HttpResponse:
    """What somebody said about their statements, on a day, to a member of the team."""
    speaker = get_object_or_404(Speaker.objects.select_related("writeup", "contact", "organisation"), pk=pk)
    writeup = open_writeup(request, speaker.writeup_id)
    data = request.POST if request.method == "POST" else None
    spoken = SpokenForm(data, by=request.user)
    forms = answer_forms(speaker, data)
    if data is not None and all([spoken.is_valid(), *(form.is_valid() for form in forms)]):
        answers = [answer for form in forms if (answer := form.answer())]
        changed = services.respond(speaker=speaker, answers=answers, **spoken.cleaned_data)
        if not changed:
            messages.success(request, _("It is noted."))
            return redirect(writeup)
        forms = answer_forms(speaker, data, changed)
    context: dict[str, Any] = {
        "speaker": speaker,
        "writeup": writeup,
        "title": title_of(writeup),
        "spoken": spoken,
        "forms": forms,
    }
    return render(request, "engagement/approvals/record.html", context)


def answer_forms(speaker: Speaker, data: Any = None, changed: list[int] | None = None) -> list[AnswerForm]:
    """One for each statement of theirs, in the order of the notes; those in `changed`, whose words are other
    ones by now, say so.
    """
    said = speaker.statements.select_related("latest_response", "speaker__contact", "speaker__organisation")
    last = speaker.writeup.approval_requests.filter(contact=speaker.contact_id).last()
    is_given_away, asked_at = speaker.is_given_away, last.asked_at if last else None
    forms = [
        AnswerForm(data, statement=one, is_given_away=is_given_away, asked_at=asked_at)
        for one in said.order_by("start", "pk")
    ]
    for form in forms:
        if form.statement.pk in (changed or []):
            form.full_clean()
            form.add_error(
                None, _("These words were changed meanwhile. Look once more: what was typed is kept.")
            )
    return forms


@requires("approvals.change")
@require_POST
def approval_take(request: StaffRequest, pk: int) -> HttpResponse:
    """POST response=<key>: let the words of that answer be ours; with `stay` one stays at the statement."""
    statement = get_object_or_404(Statement.objects.select_related("writeup"), pk=pk)
    if statement.writeup is None or not statement.writeup.is_readable_by(request.user):
        raise PermissionDenied
    answer = numbers_in([request.POST.get("response", "")])
    try:
        services.take_words(statement=statement, response=answer[0] if answer else 0, by=request.user)
        messages.success(request, _("Their words are ours now, and approved with that."))
    except StatementChanged:
        messages.error(request, _("This was answered or changed meanwhile. Look at how it is now."))
    return redirect(statement if "stay" in request.POST else statement.writeup)
