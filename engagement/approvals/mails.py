"""The mail that asks a speaker whether we understood them, and its reminders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from crm.base.happenings import about
from crm.contacts import names
from crm.contacts.formality import variety
from crm.links.services import Wanted
from crm.preferences.models import Purpose
from engagement.approvals.happenings import ASKED
from engagement.approvals.links import APPROVAL as LINK
from engagement.approvals.models import ApprovalRequest
from engagement.approvals.services import APPROVAL, REMINDER
from engagement.mailings.kinds import Fields, Letter, Mail, MessageKind, register
from engagement.mailings.models import Message, Reason
from engagement.mailings.pages import query_for, urls_of
from engagement.mailings.rendering import rendered
from engagement.mailings.telling import tell_sent
from engagement.statements.models import Statement
from engagement.statements.sources import Occasion, occasion_of

_PAGE = "approval_url"


@dataclass(frozen=True)
class Asked:
    """What the mail says, beside its addresses."""

    request: ApprovalRequest
    statements: list[Statement]
    variety: str
    page_query: str
    again: bool

    @property
    def occasion(self) -> Occasion:
        return occasion_of(self.request.writeup)


def _letters(messages: Sequence[Message]) -> list[Letter]:
    found = ApprovalRequest.objects.select_related("writeup").in_bulk({one.about_id for one in messages})
    return [letter_about(message, found.get(message.about_id)) for message in messages]


def letter_about(message: Message, request: ApprovalRequest | None) -> Letter:
    """Of a request that may not be stored yet, for a look at it."""
    if request is None:
        return Letter(message, problem="no request")
    contact = message.contact
    try:
        salutation = names.salutation(contact, message.language, contact.formality)
    except names.UnresolvedSalutation as error:
        return Letter(message, problem=type(error).__name__)
    statements = list(request.open_statements())
    spoken = variety(message.language, contact.formality)
    wanted = Wanted(message.contact_id, LINK, str(request.writeup_id))
    urls = urls_of({message: {_PAGE: wanted}})[message.pk]
    asked = Asked(request, statements, spoken, query_for(message, spoken), message.kind == REMINDER)
    objection = "" if statements else Reason.OUTDATED
    return Letter(message, objection, "", (), {"salutation": salutation, **urls}, asked)


def compose(letter: Letter, fields: Fields) -> Mail:
    asked: Asked = letter.about
    with translation.override(asked.variety):
        context = {"page_query": asked.page_query, "asked": asked, "occasion": asked.occasion}
        return rendered("engagement/approvals/mail/approval", letter.message, context, fields)


def _note(messages: Sequence[Message]) -> None:
    rows = ApprovalRequest.objects.select_related("writeup").in_bulk({one.about_id for one in messages})
    things = {key: one.writeup.source for key, one in rows.items()}
    tell_sent(ASKED, messages, {key: (about(thing), {}) for key, thing in things.items() if thing})


ASKING = register(
    MessageKind(
        name=APPROVAL,
        purpose=Purpose.INTERVIEW,
        label=_("Request for approval"),
        letters=_letters,
        compose=compose,
        note_sent=_note,
    )
)
REMINDING = register(
    MessageKind(
        name=REMINDER,
        purpose=Purpose.INTERVIEW,
        label=_("Reminder of a request for approval"),
        letters=_letters,
        compose=compose,
        note_sent=_note,
    )
)
