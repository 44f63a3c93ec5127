"""When a mail about an event makes no sense any more: a Reason, or "" while it does."""

from django.utils import timezone

from crm.preferences.models import Purpose
from crm.preferences.rules import may_receive
from engagement.events.models import Event, Participation, ReminderRule
from engagement.mailings.models import Message, Reason

Status = Participation.Status


def event_over(event: Event) -> str:
    if event.cancelled_at is not None:
        return Reason.CANCELLED
    return Reason.PAST if event.has_started(timezone.now()) else ""


def object_to_invitation(message: Message, participation: Participation) -> str:
    if over := event_over(participation.event):
        return over
    return Reason.DECLINED if participation.status == Status.DECLINED else ""


def object_to_reminder(message: Message, participation: Participation) -> str:
    """Never to who declined; who did not answer must also still want invitations."""
    if objection := object_to_invitation(message, participation):
        return objection
    rule: ReminderRule | None = getattr(participation.event, "reminder_rule", None)
    if rule is None or not rule.is_due(timezone.now()):
        return Reason.OUTDATED
    answered = participation.status != Status.NEEDS_ACTION
    return "" if answered or may_receive(message.contact, Purpose.INVITATION) else Reason.SAID_NO


def object_to_update(message: Message, participation: Participation) -> str:
    """An update is overtaken by the next one: each carries the event as it is now."""
    if objection := object_to_invitation(message, participation):
        return objection
    return "" if message.revision == participation.event.sequence else Reason.OUTDATED


def object_to_cancellation(message: Message, participation: Participation) -> str:
    return Reason.DECLINED if participation.status == Status.DECLINED else ""


def object_to_confirmation(message: Message, participation: Participation) -> str:
    """Only the last answer is confirmed."""
    if over := event_over(participation.event):
        return over
    return "" if message.revision == participation.answers else Reason.OUTDATED
