"""The mails about an event: how each kind is rendered, and when it makes no sense any more."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from django.utils import translation
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from crm.base.bulk_rows import one_by_one
from crm.base.happenings import Kind, about
from crm.base.text import printable
from crm.contacts import names
from crm.contacts.formality import Formality, slips, variety
from crm.links.services import Wanted
from crm.preferences.models import Purpose
from engagement.events import happenings, links
from engagement.events.announcing import as_it_was
from engagement.events.calendar import calendar_part, sequence_of
from engagement.events.models import Event, Participation
from engagement.events.objections import (
    event_over,
    object_to_cancellation,
    object_to_confirmation,
    object_to_invitation,
    object_to_reminder,
    object_to_update,
)
from engagement.events.results import invitation_answers, invitation_over_at, invitation_results
from engagement.events.services import invite
from engagement.mailings.kinds import Fields, Letter, Mail, MessageKind, register
from engagement.mailings.models import Mailing, Message
from engagement.mailings.pages import query_for, urls_of
from engagement.mailings.rendering import rendered
from engagement.mailings.telling import tell_sent

Status = Participation.Status


@dataclass(frozen=True)
class About:
    """What a mail about an event is made of beside the words for one reader."""

    participation: Participation
    variety: str
    template: str
    method: str
    created_at: datetime
    # Behind the addresses of pages that are not about the event.
    page_query: str
    # When and where it was for this reader, of a mail that tells of a change.
    was: Event | None


Objection = Callable[[Message, Participation], str]
_ANSWER = "answer_url"


def _letters(
    messages: Sequence[Message], *, template: str, method: str, objection: Objection
) -> list[Letter]:
    """One letter a message, in a fixed number of queries."""
    there = participations_of(messages)
    pages = {
        message: _answer_page(message, there[message.about_id, message.contact_id])
        for message in messages
        if (message.about_id, message.contact_id) in there
    }
    urls = urls_of(pages)
    found = []
    for message in messages:
        participation = there.get((message.about_id, message.contact_id))
        if participation is None:
            found.append(Letter(message, problem="no participation"))
            continue
        spoken = variety(message.language, participation.event.formality_for(message.contact))
        about = About(
            participation,
            spoken,
            template,
            _method(method, participation),
            message.created_at.replace(microsecond=0),
            query_for(message, spoken),
            as_it_was(message.was),
        )
        found.append(_letter(message, about, urls[message.pk], objection(message, participation)))
    return found


def _letter(message: Message, about: About, urls: dict[str, str], objection: str) -> Letter:
    contact, event = message.contact, about.participation.event
    try:
        salutation = names.salutation(contact, message.language, event.formality_for(contact))
    except names.UnresolvedSalutation as error:
        return Letter(message, objection=objection, problem=type(error).__name__)
    fields = {"salutation": salutation, "name": printable(str(contact)), "address": message.address, **urls}
    variant = (
        event.pk,
        event.updated_at,
        message.kind,
        message.purpose,
        about.variety,
        about.page_query,
        about.method,
        about.created_at,
        about.participation.status,
        sequence_of(about.participation),
        tuple(sorted(message.was.items())),
    )
    return Letter(message, objection, "", variant, fields, about)


def _method(method: str, participation: Participation) -> str:
    """A "no" takes the event out of the calendar."""
    declined = participation.status == Status.DECLINED
    return "CANCEL" if method == BY_ANSWER and declined else "REQUEST" if method == BY_ANSWER else method


# The method of a confirmation depends on what was answered.
BY_ANSWER = "by answer"


def participations_of(messages: Sequence[Message]) -> dict[tuple[int, int], Participation]:
    """By (event, contact), read anew: they may have changed since the messages were queued.

    For a preview nobody has been invited yet; then it is what the invitation would make.
    """
    numbers = {message.about_id for message in messages}
    # One object per event: a hundred mails are about the same one.
    events = Event.objects.select_related("theme", "reminder_rule").in_bulk(numbers)
    contacts = sorted({message.contact_id for message in messages})
    found = Participation.objects.filter(event__in=numbers, contact__in=one_by_one(contacts, "default"))
    there = {(row.event_id, row.contact_id): row for row in found}
    for participation in there.values():
        participation.event = events[participation.event_id]
    for message in messages:
        key = (message.about_id, message.contact_id)
        if message._state.adding and key not in there:
            there[key] = Participation(event=events[message.about_id], contact=message.contact)
    return there


def _answer_page(message: Message, participation: Participation) -> dict[str, Wanted]:
    until = participation.event.ends_at
    return {_ANSWER: Wanted(message.contact_id, links.ANSWER, str(participation.pk), until)}


def compose(letter: Letter, fields: Fields) -> Mail:
    """The mail with these fields put in, which may be stand-ins."""
    about: About = letter.about
    event = about.participation.event
    with translation.override(about.variety):
        context = {
            "page_query": about.page_query,
            "event": event,
            "participation": about.participation,
            "was": about.was,
            "title": event.title(about.variety),
            "text": event.text(about.variety),
        }
        mail = rendered(f"engagement/events/mail/{about.template}", letter.message, context, fields)
        calendar = _calendar(about, fields) if about.method else b""
    return replace(mail, calendar=calendar, method=about.method)


def _calendar(about: About, fields: Fields) -> bytes:
    return calendar_part(
        about.participation,
        method=about.method,
        name=fields["name"],
        address=fields["address"],
        language=about.variety,
        url=fields[_ANSWER],
        now=about.created_at,
    )


def invitation_problems(mailing: Mailing) -> list[str]:
    """What is wrong with the event itself, seen from this audience."""
    event = Event.objects.get(pk=mailing.about_id)
    over = event_over(event)
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


def invitation_warnings(mailing: Mailing) -> list[str]:
    """Where the text speaks to its reader in another form than it says."""
    event = Event.objects.get(pk=mailing.about_id)
    texts = [(event.text_nl, event.formality), (event.text_nl_je, Formality.JE)]
    return [
        gettext("In the text that says “%(form)s” stands “%(word)s”.") % {"form": form, "word": word}
        for text, form in texts
        for word in slips(text, form)
    ]


def languages_of_invitation(mailing: Mailing) -> list[str]:
    event = Event.objects.get(pk=mailing.about_id)
    return ["nl", "en"] if event.title_en and event.text_en else ["nl"]


def _noting(kind: Kind) -> Callable[[Sequence[Message]], None]:
    """Put the messages on the timelines."""

    def note(messages: Sequence[Message]) -> None:
        events = Event.objects.in_bulk({message.about_id for message in messages})
        tell_sent(kind, messages, {key: (about(event), event.titles()) for key, event in events.items()})

    return note


def _letters_of(
    template: str, method: str, objection: Objection
) -> Callable[[Sequence[Message]], list[Letter]]:
    return partial(_letters, template=template, method=method, objection=objection)


# For the moment before a mail goes out: what an objection says of the event and of the answer.
_IS_CANCELLED = (
    "SELECT 1 FROM engagement_event e WHERE e.id = engagement_message.about_id AND e.cancelled_at IS NOT NULL"
)
_HAS_DECLINED = (
    "SELECT 1 FROM engagement_participation d WHERE d.event_id = engagement_message.about_id "
    "AND d.contact_id = engagement_message.contact_id AND d.status = 'declined'"
)
# Who was about to be invited when the event was cancelled, and was not, needs no cancellation.
_NEVER_INVITED = (
    "SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM engagement_message i WHERE i.kind = 'invitation' "
    "AND i.about_id = engagement_message.about_id AND i.contact_id = engagement_message.contact_id "
    "AND i.state IN ('claimed', 'handing_over', 'sent', 'uncertain', 'bounced'))"
)
INVITATION = register(
    MessageKind(
        name="invitation",
        purpose=Purpose.INVITATION,
        label=_("Invitation"),
        letters=_letters_of("invitation", "REQUEST", object_to_invitation),
        compose=compose,
        problems=invitation_problems,
        warnings=invitation_warnings,
        note_sent=_noting(happenings.INVITED),
        start=invite,
        languages=languages_of_invitation,
        called_off=(_IS_CANCELLED, _HAS_DECLINED),
        over_at=invitation_over_at,
        answers=invitation_answers,
        results=invitation_results,
    )
)
REMINDER = register(
    MessageKind(
        name="reminder",
        purpose=Purpose.REMINDER,
        label=_("Reminder"),
        letters=_letters_of("reminder", "", object_to_reminder),
        compose=compose,
        note_sent=_noting(happenings.REMINDED),
        called_off=(_IS_CANCELLED, _HAS_DECLINED),
    )
)
CONFIRMATION = register(
    MessageKind(
        name="confirmation",
        purpose=Purpose.SERVICE,
        label=_("Confirmation"),
        letters=_letters_of("confirmation", BY_ANSWER, object_to_confirmation),
        compose=compose,
        called_off=(_IS_CANCELLED,),
    )
)
UPDATE = register(
    MessageKind(
        name="update",
        purpose=Purpose.SERVICE,
        label=_("Change of time or place"),
        letters=_letters_of("update", "REQUEST", object_to_update),
        compose=compose,
        note_sent=_noting(happenings.UPDATED),
        called_off=(_IS_CANCELLED, _HAS_DECLINED),
    )
)
CANCELLATION = register(
    MessageKind(
        name="cancellation",
        purpose=Purpose.SERVICE,
        label=_("Cancellation"),
        letters=_letters_of("cancellation", "CANCEL", object_to_cancellation),
        compose=compose,
        note_sent=_noting(happenings.CANCELLED),
        called_off=(_NEVER_INVITED,),
    )
)
