"""The mail that tells a speaker what became of their words, and the digest for who follows a sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from crm.base.happenings import about
from crm.contacts import names
from crm.contacts.formality import variety
from crm.links.services import Wanted
from crm.preferences.models import Purpose
from engagement.approvals.links import APPROVAL
from engagement.feedback.becoming import tally, told_to
from engagement.feedback.happenings import TOLD
from engagement.feedback.links import FEEDBACK
from engagement.feedback.models import Feedback, FollowDigest
from engagement.feedback.services import FOLLOWING, OUTCOMES, news_in
from engagement.mailings.kinds import Fields, Letter, Mail, MessageKind, register
from engagement.mailings.models import Message, Reason
from engagement.mailings.pages import query_for, urls_of
from engagement.mailings.rendering import rendered
from engagement.mailings.telling import tell_sent
from engagement.statements.models import Speaker
from engagement.statements.sources import occasion_of


@dataclass(frozen=True)
class About:
    """`context` is what the templates of `template` show beside the fields; made in the reader's language."""

    template: str
    variety: str
    page_query: str
    context: Mapping[str, Any]


def _outcomes(messages: Sequence[Message]) -> list[Letter]:
    rows = Feedback.objects.select_related("writeup").in_bulk({one.about_id for one in messages})
    speakers = {key: row.speaker for key, row in rows.items()}
    return [outcomes_for(message, speakers.get(message.about_id)) for message in messages]


def outcomes_for(message: Message, speaker: Speaker | None) -> Letter:
    """Also for a look at it, of a message that is not stored."""
    if speaker is None:
        return Letter(message, problem="no speaker")
    with translation.override(_spoken(message)):
        told = told_to(speaker)
        occasion = occasion_of(speaker.writeup)
        context = {"told": told, "tally": tally(told), "occasion": occasion}
    subject = str(speaker.writeup_id)
    pages = {
        "feedback_url": Wanted(message.contact_id, FEEDBACK, subject),
        "approval_url": Wanted(message.contact_id, APPROVAL, subject),
    }
    return _letter(message, "outcomes", context, pages, objection="" if told else Reason.OUTDATED)


def _following(messages: Sequence[Message]) -> list[Letter]:
    rows = FollowDigest.objects.in_bulk({one.about_id for one in messages})
    return [_digest(message, rows.get(message.about_id)) for message in messages]


def _digest(message: Message, digest: FollowDigest | None) -> Letter:
    if digest is None:
        return Letter(message, problem="no digest")
    with translation.override(_spoken(message)):
        news = news_in(digest)
    pages = {
        f"page_{statement.writeup_id}": Wanted(message.contact_id, FEEDBACK, str(statement.writeup_id))
        for statement, _changes in news
    }
    return _letter(message, "following", {"news": news}, pages, objection="" if news else Reason.OUTDATED)


def _spoken(message: Message) -> str:
    return variety(message.language, message.contact.formality)


def _letter(
    message: Message,
    template: str,
    context: Mapping[str, Any],
    pages: Mapping[str, Wanted],
    *,
    objection: str,
) -> Letter:
    contact = message.contact
    try:
        salutation = names.salutation(contact, message.language, contact.formality)
    except names.UnresolvedSalutation as error:
        return Letter(message, problem=type(error).__name__)
    urls = urls_of({message: pages})[message.pk]
    spoken = _spoken(message)
    made = About(template, spoken, query_for(message, spoken), context)
    return Letter(message, objection, "", (), {"salutation": salutation, **urls}, made)


def compose(letter: Letter, fields: Fields) -> Mail:
    made: About = letter.about
    with translation.override(made.variety):
        context = {**made.context, "page_query": made.page_query}
        if "news" in context:
            context["news"] = [(one, what, fields[f"page_{one.writeup_id}"]) for one, what in context["news"]]
        templates = f"engagement/feedback/mail/{made.template}"
        return rendered(templates, letter.message, context, fields)


def _note(messages: Sequence[Message]) -> None:
    rows = Feedback.objects.select_related("writeup").in_bulk({one.about_id for one in messages})
    things = {key: one.writeup.source for key, one in rows.items()}
    tell_sent(TOLD, messages, {key: (about(thing), {}) for key, thing in things.items() if thing})


TELLING = register(
    MessageKind(
        name=OUTCOMES,
        purpose=Purpose.FEEDBACK,
        label=_("What became of it, to who said it"),
        letters=_outcomes,
        compose=compose,
        note_sent=_note,
    )
)
register(
    MessageKind(
        name=FOLLOWING,
        purpose=Purpose.FEEDBACK,
        label=_("What changed, to who follows a sentence"),
        letters=_following,
        compose=compose,
    )
)
