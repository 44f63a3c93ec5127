"""The page on which somebody reads what became of what they said, and follows it."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation

from crm.base.fields import numbers_in
from crm.links.models import Link
from engagement.approvals.links import APPROVAL
from engagement.feedback.becoming import tally, told_to
from engagement.feedback.links import FEEDBACK
from engagement.feedback.models import Follow
from engagement.feedback.services import follow
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


@opened_by(FEEDBACK)
def feedback(request: HttpRequest, link: Link, token: str) -> HttpResponse:
    """The speaker's own statements of one conversation; POST follow=<keys> says which of them they follow."""
    speaker = get_object_or_404(
        Speaker.objects.select_related("writeup", "contact"), writeup=link.subject, contact=link.contact
    )
    problem, status = "", HTTPStatus.OK
    followed = set(Follow.objects.filter(contact=link.contact).values_list("statement", flat=True))
    if request.method == "POST":
        wanted = numbers_in(request.POST.getlist("follow"))
        try:
            count_post(request, link)
            follow(speaker=speaker, statements=wanted)
            return redirect(f"{request.path}?lang={translation.get_language()}&saved=1")
        except TooOften:
            problem, status, followed = wait(), HTTPStatus.TOO_MANY_REQUESTS, set(wanted)
    told = told_to(speaker)
    context = {
        "contact": link.contact,
        "salutation": greeting(link.contact),
        "told": told,
        "tally": tally(told),
        "followed": followed,
        "occasion": occasion_of(speaker.writeup),
        "approval_token": token_in_mails(link.contact, APPROVAL, link.subject),
        "preferences_token": preferences_token(link.contact),
        "problem": problem,
        "saved": "saved" in request.GET and not problem,
    }
    return render(request, "engagement/public/feedback.html", context, status=status)
