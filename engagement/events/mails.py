"""The mails about an event: how each kind is rendered, and when it makes no sense any more."""

from typing import Any

from django.conf import settings
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from crm.contacts import names
from crm.contacts.models import Contact
from crm.links.models import LinkPurpose
from crm.links.services import link_for, token_of
from crm.preferences.models import Purpose
from crm.preferences.rules import may_receive
from crm.timeline.kinds import EntryKind
from crm.timeline.services import record
from engagement.events import timeline
from engagement.events.calendar import calendar_part
from engagement.events.models import Event, Participation, ReminderRule
from engagement.events.services import invite
from engagement.mailings.kinds import Mail, MessageKind, register
from engagement.mailings.models import Mailing, Message, Reason

Status = Participation.Status


def participation_of(message: Message) -> Participation:
    """Whom and what the message is about, read anew: it may have changed since it was queued.

    For a preview nobody has been invited yet; then it is what the invitation would make.
    """
    found = Participation.objects.select_related("event__theme", "contact").filter(
        event_id=message.about_id, contact_id=message.contact_id
    )
    if message._state.adding and not found.exists():
        event = Event.objects.select_related("theme").get(pk=message.about_id)
        return Participation(event=event, contact=message.contact)
    return found.get()


def _url(message: Message, name: str, **link: Any) -> str:
    """The address of a public page for this message's reader; a preview gets one that opens nothing."""
    if message._state.adding:
        return settings.BASE_URL + reverse(name, args=["preview"])
    return settings.BASE_URL + reverse(name, args=[token_of(link_for(contact=message.contact, **link))])


def context_of(message: Message, participation: Participation) -> dict[str, Any]:
    """What every template about an event gets; call under the recipient's language."""
    contact, event = participation.contact, participation.event
    answer = {"purpose": LinkPurpose.ANSWER, "subject": str(participation.pk), "expires_at": event.ends_at}
    return {
        "site_name": settings.SITE_NAME,
        "language": message.language,
        "salutation": names.salutation(contact, message.language),
        "event": event,
        "participation": participation,
        "title": event.title(message.language),
        "text": event.text(message.language),
        "answer_url": _url(message, "answer", **answer),
        "preferences_url": _url(message, "preferences", purpose=LinkPurpose.PREFERENCES),
        "unsubscribe_url": _url(
            message, "unsubscribe", purpose=LinkPurpose.UNSUBSCRIBE, subject=message.purpose
        ),
    }


def _render(message: Message, *, template: str, method: str) -> Mail:
    participation = participation_of(message)
    with translation.override(message.language):
        context = context_of(message, participation)
        folder = f"engagement/events/mail/{template}"
        subject = " ".join(render_to_string(f"{folder}.subject.txt", context).split())
        return Mail(
            subject=subject,
            text=render_to_string(f"{folder}.txt", context),
            html=render_to_string(f"{folder}.html", {**context, "subject": subject}),
            calendar=_calendar(message, participation, method, context["answer_url"]) if method else b"",
            method=method,
            headers=_unsubscribe_headers(context["unsubscribe_url"]),
        )


def _calendar(message: Message, participation: Participation, method: str, url: str) -> bytes:
    return calendar_part(
        participation,
        method=method,
        address=message.address,
        language=message.language,
        url=url,
        now=message.created_at,
    )


def _unsubscribe_headers(url: str) -> dict[str, str]:
    """RFC 2369 section 3.2 and RFC 8058 section 3.1."""
    return {"List-Unsubscribe": f"<{url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def render_invitation(message: Message) -> Mail:
    return _render(message, template="invitation", method="REQUEST")


def render_reminder(message: Message) -> Mail:
    return _render(message, template="reminder", method="")


def render_update(message: Message) -> Mail:
    return _render(message, template="update", method="REQUEST")


def render_cancellation(message: Message) -> Mail:
    return _render(message, template="cancellation", method="CANCEL")


def render_confirmation(message: Message) -> Mail:
    """Yes and perhaps bring the calendar part up to date; no takes the event out of the calendar."""
    declined = participation_of(message).status == Status.DECLINED
    return _render(message, template="confirmation", method="CANCEL" if declined else "REQUEST")


def _event_over(event: Event) -> str:
    if event.cancelled_at is not None:
        return Reason.CANCELLED
    return Reason.PAST if event.has_started(timezone.now()) else ""


def object_to_invitation(message: Message) -> str:
    participation = participation_of(message)
    over = _event_over(participation.event)
    if over:
        return over
    return Reason.DECLINED if participation.status == Status.DECLINED else ""


def object_to_reminder(message: Message) -> str:
    """Never to who declined; who did not answer must also still want invitations."""
    participation = participation_of(message)
    objection = object_to_invitation(message)
    if objection:
        return objection
    rule = ReminderRule.objects.filter(event=participation.event).first()
    if rule is None or not rule.is_due(timezone.now()):
        return Reason.OUTDATED
    rule.event = participation.event
    answered = participation.status != Status.NEEDS_ACTION
    if answered or may_receive(participation.contact, Purpose.INVITATION):
        return ""
    return Reason.SAID_NO


def object_to_update(message: Message) -> str:
    """An update is overtaken by the next one: each carries the event as it is now."""
    objection = object_to_invitation(message)
    if objection:
        return objection
    event = participation_of(message).event
    return "" if message.key.endswith(f":{event.sequence}") else Reason.OUTDATED


def object_to_cancellation(message: Message) -> str:
    return Reason.DECLINED if participation_of(message).status == Status.DECLINED else ""


def object_to_confirmation(message: Message) -> str:
    """Only the last answer is confirmed."""
    participation = participation_of(message)
    over = _event_over(participation.event)
    if over:
        return over
    return "" if message.key.endswith(f":{participation.answers}") else Reason.OUTDATED


def invitation_problems(mailing: Mailing) -> list[str]:
    """What is wrong with the event itself, seen from this audience."""
    event = Event.objects.get(pk=mailing.about_id)
    over = _event_over(event)
    problems = [gettext("The event was cancelled or has started already.")] if over else []
    english = mailing.recipients.filter(included=True, contact__language="en").count()
    if english and not (event.title_en and event.text_en):
        problems.append(
            ngettext(
                "%(count)d person reads English, but the event has no English title and text.",
                "%(count)d people read English, but the event has no English title and text.",
                english,
            )
            % {"count": english}
        )
    return problems


def _note(message: Message, kind: EntryKind) -> None:
    event = Event.objects.get(pk=message.about_id)
    record(
        kind.name,
        at=message.sent_at,
        contact=message.contact,
        words=event.titles(),
        link=event.get_absolute_url(),
    )


def note_invited(message: Message) -> None:
    _note(message, timeline.INVITED)
    # The facet alone: counting everything of the person anew would slow each mail down.
    latest = message.sent_at
    earlier = Q(last_invited_at=None) | Q(last_invited_at__lt=latest)
    Contact.objects.filter(earlier, pk=message.contact_id).update(last_invited_at=latest)


def note_reminded(message: Message) -> None:
    _note(message, timeline.REMINDED)


def note_updated(message: Message) -> None:
    _note(message, timeline.UPDATED)


def note_cancelled(message: Message) -> None:
    _note(message, timeline.CANCELLED)


INVITATION = register(
    MessageKind(
        name="invitation",
        purpose=Purpose.INVITATION,
        label=_("Invitation"),
        render=render_invitation,
        objection=object_to_invitation,
        problems=invitation_problems,
        note_sent=note_invited,
        start=invite,
    )
)
REMINDER = register(
    MessageKind(
        name="reminder",
        purpose=Purpose.REMINDER,
        label=_("Reminder"),
        render=render_reminder,
        objection=object_to_reminder,
        note_sent=note_reminded,
    )
)
CONFIRMATION = register(
    MessageKind(
        name="confirmation",
        purpose=Purpose.SERVICE,
        label=_("Confirmation"),
        render=render_confirmation,
        objection=object_to_confirmation,
    )
)
UPDATE = register(
    MessageKind(
        name="update",
        purpose=Purpose.SERVICE,
        label=_("Change of time or place"),
        render=render_update,
        objection=object_to_update,
        note_sent=note_updated,
    )
)
CANCELLATION = register(
    MessageKind(
        name="cancellation",
        purpose=Purpose.SERVICE,
        label=_("Cancellation"),
        render=render_cancellation,
        objection=object_to_cancellation,
        note_sent=note_cancelled,
    )
)
