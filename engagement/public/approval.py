"""The page on which somebody says whether we understood what they said, and what others may read of them."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation

from crm.links.models import Link
from engagement.approvals.forms import AnswerForm
from engagement.approvals.links import APPROVAL
from engagement.approvals.services import respond
from engagement.approvals.views import answer_forms
from engagement.public.opening import (
    TooOften,
    count_post,
    greeting,
    opened_by,
    preferences_token,
    wait,
)
from engagement.statements.attribution import named_as
from engagement.statements.models import Response, Speaker, Visibility
from engagement.statements.sources import occasion_of

# Of more sentences than that nobody wants to say the same one by one.
FEW = 5


@opened_by(APPROVAL)
def approval(request: HttpRequest, link: Link, token: str) -> HttpResponse:
    """The speaker's own statements of one conversation, and nothing else of it. With `rest` a POST approves
    those that were left open too.
    """
    speakers = Speaker.objects.select_related("writeup", "contact", "organisation")
    speaker = get_object_or_404(speakers, writeup=link.subject, contact=link.contact)
    problem, status, changed = "", HTTPStatus.OK, []
    data = request.POST if request.method == "POST" else None
    forms = answer_forms(speaker, data)
    if data is not None and not all(form.is_valid() for form in forms):
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    elif data is not None:
        try:
            count_post(request, link)
            changed = _record(speaker, forms, approve_rest="rest" in data)
            if not changed:
                return redirect(f"{request.path}?lang={translation.get_language()}&saved=1")
            forms, status = answer_forms(speaker, data, changed), HTTPStatus.CONFLICT
        except TooOften:
            problem, status = wait(), HTTPStatus.TOO_MANY_REQUESTS
    context = {**_shown(speaker, forms), "problem": problem, "saved": "saved" in request.GET and not data}
    context["preferences_token"] = preferences_token(link.contact)
    return render(request, "engagement/public/approval.html", context, status=status)


def _record(speaker: Speaker, forms: list[AnswerForm], *, approve_rest: bool) -> list[int]:
    otherwise = Response.Kind.APPROVED if approve_rest else ""
    answers = [answer for form in forms if (answer := form.answer(otherwise=otherwise))]
    return respond(speaker=speaker, answers=answers)


def _shown(speaker: Speaker, forms: list[AnswerForm]) -> dict[str, Any]:
    contact = speaker.contact
    still_open = [number for number, form in enumerate(forms, 1) if form.is_open]
    request = speaker.writeup.approval_requests.filter(contact=speaker.contact_id).last()
    return {
        "speaker": speaker,
        "contact": contact,
        "salutation": greeting(contact) if contact else "",
        "forms": forms,
        "still_open": still_open,
        "several": len(forms) > FEW and bool(still_open),
        "occasion": occasion_of(speaker.writeup),
        "without_name": named_as(speaker, Visibility.SECTOR).called,
        "note": request.note if request and still_open else "",
    }
