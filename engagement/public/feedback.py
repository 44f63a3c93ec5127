"""The page on which somebody reads what became of what they said, follows it, and asks to be called."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation

from crm.base.fields import numbers_in
from crm.links.models import Link
from engagement.approvals.links import APPROVAL
from engagement.feedback.becoming import Told, tally, told_to
from engagement.feedback.calling import ask_for_call, call_off, callers
from engagement.feedback.forms import CallForm
from engagement.feedback.links import FEEDBACK
from engagement.feedback.models import Follow
from engagement.feedback.services import follow
from engagement.followups.models import FollowUp
from engagement.public.opening import (
    TooOften,
    count_post,
    greeting,
    opened_by,
    preferences_token,
    token_in_mails,
    wait,
)
from engagement.statements.models import Speaker
from engagement.statements.sources import occasion_of


@dataclass(frozen=True)
class Row:
    """A sentence with `call`, the form that asks to be called about it, None where nobody could; `asked` is
    what they asked already.
    """

    told: Told
    call: CallForm | None
    asked: FollowUp | None


@opened_by(FEEDBACK)
def feedback(request: HttpRequest, link: Link, token: str) -> HttpResponse:
    """The speaker's own statements of one conversation. POST follow=<keys> says which of them they follow,
    call=<key> or no_call=<key> that they want to be called about one, or not any more.
    """
    speaker = get_object_or_404(
        Speaker.objects.select_related("writeup", "contact"), writeup=link.subject, contact=link.contact
    )
    problem, status = "", HTTPStatus.OK
    rows = _rows(speaker, request.POST)
    followed = set(Follow.objects.filter(contact=link.contact).values_list("statement", flat=True))
    if request.method == "POST":
        followed = set(numbers_in(request.POST.getlist("follow")))
        try:
            count_post(request, link)
            if saved := _record(speaker, rows, request.POST):
                return redirect(f"{request.path}?lang={translation.get_language()}&saved={saved}")
            status = HTTPStatus.UNPROCESSABLE_ENTITY
        except TooOften:
            problem, status = wait(), HTTPStatus.TOO_MANY_REQUESTS
    context = {**_shown(speaker, link, rows), "followed": followed, "problem": problem}
    context["saved"] = "" if request.method == "POST" else request.GET.get("saved", "")
    return render(request, "engagement/public/feedback.html", context, status=status)


def _rows(speaker: Speaker, data: QueryDict) -> list[Row]:
    """With what was typed beside the sentence whose button was pressed."""
    contact = speaker.contact
    if contact is None:
        return []
    known = contact.contact_points.filter(kind__in=["mobile", "phone"]).exists()
    asked = {one.statement_id: one for one in FollowUp.objects.asked_by(contact).select_related("owner")}
    everything = told_to(speaker)
    could = callers(speaker, [told.statement for told in everything])
    rows = []
    for told in everything:
        key = told.statement.pk
        typed = data if data.get("call") == str(key) else None
        call = CallForm(typed, prefix=str(key), known=known) if key in could else None
        rows.append(Row(told, call, asked.get(key)))
    return rows


def _record(speaker: Speaker, rows: Sequence[Row], data: QueryDict) -> str:
    """What was saved: "1" or "call"; "" when they cannot be called as they asked."""
    follow(speaker=speaker, statements=numbers_in(data.getlist("follow")))
    for key in numbers_in(data.getlist("no_call")):
        call_off(speaker=speaker, statement=key)
    pressed = [row for row in rows if row.call and row.call.is_bound]
    if not all(row.call.is_valid() for row in pressed if row.call):
        return ""
    for row in pressed:
        phone = row.call.cleaned_data.get("phone", "") if row.call else ""
        ask_for_call(speaker=speaker, statement=row.told.statement.pk, phone=phone)
    return "call" if pressed else "1"


def _shown(speaker: Speaker, link: Link, rows: Sequence[Row]) -> dict[str, Any]:
    told = [row.told for row in rows]
    return {
        "contact": link.contact,
        "salutation": greeting(link.contact),
        "rows": rows,
        "told": told,
        "tally": tally(told),
        "occasion": occasion_of(speaker.writeup),
        "approval_token": token_in_mails(link.contact, APPROVAL, link.subject),
        "preferences_token": preferences_token(link.contact),
    }
