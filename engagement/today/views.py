"""Vandaag: what waits for a person and what came in."""

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from crm.accounts.access import logged_in
from crm.accounts.roles import may
from crm.contacts.models import ContactPoint
from crm.imports.models import ImportBatch
from crm.provenance.models import Provenance
from engagement.briefings.overview import overview
from engagement.decisions.models import Decision
from engagement.events.models import Event, Participation
from engagement.followups.models import FollowUp
from engagement.interviews.models import Interview
from engagement.mailings.models import Mailing, Message

ROWS = 10
# An undelivered mail stays on this page for a while; on the mailing's page it stays for good.
SHOWN_FOR = timedelta(days=7)


@logged_in
@require_safe
def today(request: HttpRequest) -> HttpResponse:
    """The sections that exist, each only for who may see it."""
    now = timezone.now()
    yesterday = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=1)
    context: dict[str, Any] = {"now": now}
    user = request.user
    if may(user, "events.view"):
        events = Event.objects.select_related("theme").upcoming(now)[:ROWS]
        context["events"] = [(event, event.participations.coming().count()) for event in events]
        answers = Participation.objects.answered_since(yesterday).select_related("event", "contact")
        context["answers"] = answers.prefetch_related("contact__affiliations__organisation__sectors")[:ROWS]
        context["answer_count"] = answers.count()
    if may(user, "mailings.view"):
        messages = Message.objects.select_related("contact", "mailing")
        context["uncertain"] = messages.uncertain()[:ROWS]
        context["undelivered"] = messages.undelivered().filter(created_at__gte=now - SHOWN_FOR)[:ROWS]
        dead_ends = ContactPoint.objects.dead_ends().select_related("contact").order_by("-pk")
        context["dead_ends"], context["dead_end_count"] = dead_ends[:ROWS], dead_ends.count()
        context["drafts"] = Mailing.objects.filter(state=Mailing.State.DRAFT)[:ROWS]
    if may(user, "briefings.view") and not may(user, "interviews.view"):
        context |= _for_who_only_reads(timezone.localdate(now))
    if may(user, "interviews.view"):
        interviews = Interview.objects.select_related("organisation").prefetch_related("contacts")
        planned = interviews.planned_for(user)  # type: ignore[arg-type]  # who may is no stranger
        context["to_hold"], context["to_hold_count"] = planned[:ROWS], planned.count()
        context["interviews"] = interviews.filter(interviewer=user.pk).counting(now)[:5]
    if may(user, "followups.view"):
        due = FollowUp.objects.due_for(user, timezone.localdate(now)).shown()  # type: ignore[arg-type]
        context["follow_ups"], context["follow_up_count"] = due[:ROWS], due.count()
    if may(user, "imports.run"):
        context["plans"] = ImportBatch.objects.undecided()[:ROWS]
        context["to_tell"] = Provenance.objects.to_tell().count()
        context["tell_by"] = Provenance.objects.to_tell().values_list("tell_by", flat=True).first()
        context["late"] = Provenance.objects.late_on(timezone.localdate(now)).count()
    context["mail_count"] = len(context.get("uncertain", [])) + len(context.get("undelivered", []))
    context["waiting"] = (
        context["mail_count"]
        + context.get("dead_end_count", 0)
        + len(context.get("drafts", []))
        + len(context.get("plans", []))
        + context.get("to_hold_count", 0)
        + context.get("follow_up_count", 0)
    )
    return render(request, "engagement/today/today.html", context)


def _for_who_only_reads(today: date) -> dict[str, Any]:
    """What was heard on each theme, and what will be decided."""
    agenda = Decision.objects.to_come(today).select_related("body", "organisation")
    return {
        "themes": overview(),
        "agenda": agenda.prefetch_related("items")[:ROWS],
    }
