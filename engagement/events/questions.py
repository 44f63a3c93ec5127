"""What is asked before an event moves or is cancelled: who is told of it, and by which mail."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import get_language

from crm.accounts.access import StaffRequest
from crm.base.asking import Question
from engagement.events import services
from engagement.events.announcing import CANCELLATION, UPDATE, has_moved
from engagement.events.forms import EventForm
from engagement.events.models import Event
from engagement.mailings.kinds import KINDS, CannotBeMade, Mail
from engagement.mailings.models import Message

_FOLDER = "engagement/events"


def about_saving(request: StaffRequest, pk: int) -> Question | None:
    """Nothing where it stays when and where it is, or where nobody is told."""
    before = get_object_or_404(Event, pk=pk)
    form = EventForm(request.POST, instance=Event.objects.get(pk=pk))
    if not form.is_valid() or not has_moved(before, form.instance):
        return None
    days = form.cleaned_data["remind_days_before"]
    told = _tried(before, UPDATE, lambda: services.save_event(event=form.instance, remind_days_before=days))
    if not told["number"]:
        return None
    context = {"before": before, "after": form.instance, **told}
    back = f"{before.get_absolute_url()}edit/"
    return Question(f"{_FOLDER}/ask_move.html", back, context, str(told["number"]))


def about_cancelling(request: StaffRequest, pk: int) -> Question | None:
    event = get_object_or_404(Event, pk=pk)
    if event.cancelled_at is not None or event.has_started(timezone.now()):
        return None
    told = _tried(event, CANCELLATION, lambda: services.cancel_event(event=event))
    context = {"event": event, **told}
    return Question(f"{_FOLDER}/ask_cancel.html", event.get_absolute_url(), context, str(told["number"]))


def _tried(event: Event, kind: str, act: Callable[[], Any]) -> dict[str, Any]:
    """How many people `act` tells of the event, and the mail that the first of them gets.

    It is done and taken back: so what is shown is what will be sent.
    """
    with transaction.atomic():
        act()
        queued = Message.objects.filter(kind=kind, about_id=event.pk, revision=event.sequence + 1)
        queued = queued.select_related("contact").order_by("contact__sort_key", "pk")
        first = queued.filter(language=(get_language() or "nl")[:2]).first() or queued.first()
        found = {"number": queued.count(), "mail": _mail(first) if first else None}
        transaction.set_rollback(True)
    return found


def _mail(message: Message) -> Mail | None:
    """With links that open nothing, as of a message that is no row."""
    message._state.adding = True
    try:
        return KINDS[message.kind].render(message)
    except CannotBeMade:
        return None
