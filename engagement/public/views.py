"""Pages for invited people: their answer, and what they want to receive. See opening.py for how they open."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from crm.contacts.formality import VARIETIES, variety
from crm.links.models import Link
from crm.links.services import LinkError, link_key
from crm.preferences.links import PREFERENCES, UNSUBSCRIBE
from crm.preferences.models import Preference, Purpose, Source
from crm.preferences.rules import may_receive
from crm.preferences.services import record_answers
from engagement.events import services
from engagement.events.confirming import can_be_confirmed, confirmation_goes
from engagement.events.links import ANSWER
from engagement.events.models import Participation
from engagement.events.needs import kept_until
from engagement.public import noes
from engagement.public.forms import AnswerForm, PreferencesForm
from engagement.public.opening import (
    TooOften,
    count_post,
    is_seldom,
    opened_by,
    preferences_token,
    refused,
    wait,
)


def _as_the_event_does(link: Link, asked: str) -> str:
    """The page shows its text."""
    invited = Participation.objects.select_related("event").filter(pk=link.subject).first()
    language = asked[:2] if asked in VARIETIES else link.contact.language
    return variety(language, invited.event.formality_for(link.contact)) if invited else language


@opened_by(ANSWER, _as_the_event_does)
def answer(request: HttpRequest, link: Link, token: str) -> HttpResponse:
    """The invitation with yes, no and perhaps; ?answer= in the mail's links only preselects."""
    participation = get_object_or_404(
        Participation.objects.select_related("event__theme", "contact"),
        pk=link.subject,
        contact=link.contact,
    )
    problem, status = "", 200
    full = participation.event.places_left() == 0 and participation.status != "accepted"
    form = AnswerForm(
        request.POST if request.method == "POST" else None,
        initial=_initial(request, participation, full=full),
        kept_until=kept_until(participation.event),
    )
    if request.method == "POST":
        problem, status = _answered(request, link, participation, form)
        if status == HTTPStatus.FOUND:
            return redirect(f"{request.path}?lang={translation.get_language()}")
    context = {
        "participation": participation,
        "event": participation.event,
        "contact": link.contact,
        "preferences_token": preferences_token(link.contact),
        "form": form,
        "problem": problem,
        "full": participation.event.places_left() == 0 and participation.status != "accepted",
        "wanted_to_come": request.GET.get("answer") == "accepted",
        "confirmed": confirmation_goes(participation),
        "mailable": can_be_confirmed(link.contact),
        "closed": bool(participation.event.cancelled_at) or participation.event.has_started(timezone.now()),
    }
    return render(request, "engagement/public/answer.html", context, status=status)


def _answered(
    request: HttpRequest, link: Link, participation: Participation, form: AnswerForm
) -> tuple[str, int]:
    """What kept the answer from being recorded, in words, with the status that says so; FOUND when it was."""
    if not form.is_valid():
        return "", HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        count_post(request, link)
        services.answer(
            participation=participation,
            status=form.cleaned_data["answer"],
            needs=form.cleaned_data["needs"],
        )
    except services.EventFull:
        return _("All places are taken. Your answer was not changed."), HTTPStatus.CONFLICT
    except services.AnswersClosed:
        return _("The event has started or was cancelled. Answering is closed."), HTTPStatus.CONFLICT
    except TooOften:
        return wait(), HTTPStatus.TOO_MANY_REQUESTS
    return "", HTTPStatus.FOUND


def _initial(request: HttpRequest, participation: Participation, *, full: bool) -> dict[str, str]:
    """What is chosen when the page opens, and nothing that cannot be."""
    asked = request.GET.get("answer", "")
    known = participation.status if participation.answered_at else ""
    chosen = asked if asked in Participation.Status.values else known
    return {"answer": "" if full and chosen == "accepted" else chosen, "needs": participation.needs}


@opened_by(PREFERENCES)
def preferences(request: HttpRequest, link: Link, token: str) -> HttpResponse:
    """What this person wants to receive: shown on GET, recorded on POST."""
    form = PreferencesForm(request.POST if request.method == "POST" else None)
    allowed = {purpose.value: may_receive(link.contact, purpose) for purpose in Purpose}
    problem, status = "", 200
    if request.method == "POST" and form.is_valid():
        wanted = {purpose: purpose in form.cleaned_data["purposes"] for purpose in allowed}
        try:
            count_post(request, link)
        except TooOften:
            problem, status, allowed = wait(), 429, wanted
        else:
            changed = {purpose: yes for purpose, yes in wanted.items() if yes != allowed[purpose]}
            record_answers(contact=link.contact, answers=changed, source=Source.FORM)
            return redirect(f"{request.path}?lang={translation.get_language()}&saved=1")
    context = {
        "contact": link.contact,
        "dutch": variety("nl", link.contact.formality),
        "purposes": [(purpose, label, allowed[purpose]) for purpose, label in Purpose.choices],
        "form": form,
        "problem": problem,
        "saved": "saved" in request.GET and not problem,
    }
    return render(request, "engagement/public/preferences.html", context, status=status)


def never_lost(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A "no" that the database cannot take now is kept and recorded later: a mail provider asks only once."""

    @wraps(view)
    def guarded(request: HttpRequest, token: str) -> HttpResponse:
        try:
            return view(request, token)
        except OperationalError:
            if request.method != "POST":
                raise
        try:
            noes.keep(link_key(token, UNSUBSCRIBE), _source(request))
        except LinkError:
            return refused(request, expired=False)
        # Without the request: what else a page shows is asked of the database.
        return HttpResponse(render_to_string("engagement/public/noted.html"))

    return guarded


def _source(request: HttpRequest) -> Source:
    return Source.ONE_CLICK if request.POST.get("List-Unsubscribe") == "One-Click" else Source.FORM


@never_lost
@opened_by(UNSUBSCRIBE)
def unsubscribe(request: HttpRequest, link: Link, token: str) -> HttpResponse:
    """RFC 8058 section 3.2: a POST without cookie, login or redirect ends this one purpose.

    GET shows a page with a button, for people whose mail program opens the link. No limit refuses a "no"; one
    that is repeated very often fills no ledger.
    """
    purpose = Purpose(link.subject)
    said_no = Preference.objects.filter(contact=link.contact, purpose=purpose, allowed=False)
    if request.method == "POST" and (not said_no.exists() or is_seldom(link)):
        noes.record_no(link, _source(request))
    context = {
        "contact": link.contact,
        "dutch": variety("nl", link.contact.formality),
        "purpose": purpose,
        "preferences_token": preferences_token(link.contact),
        "done": not may_receive(link.contact, purpose),
        "recorded": request.method == "POST",
    }
    return render(request, "engagement/public/unsubscribe.html", context)
