"""Ready-made people, organisations and events, with only what a test names being special."""

import json
from datetime import date, datetime, timedelta
from io import BytesIO
from itertools import count
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.utils import timezone

from crm.accounts.models import User
from crm.accounts.roles import Role
from crm.base.happenings import KINDS, Happening, tell
from crm.bodies.models import Body, Seat, SeatHolder
from crm.contacts.indexing import Newcomer, add_documents, names_of
from crm.contacts.models import Affiliation, Contact, ContactPoint
from crm.organisations.models import Organisation, OrganisationSector
from crm.themes.models import Tag, Theme
from crm.themes.services import tags_called
from engagement.approvals.services import Answer, mark_of, respond
from engagement.attachments.models import Attachment
from engagement.attachments.services import add_attachment
from engagement.compositions.models import Block
from engagement.compositions.services import save, start
from engagement.decisions.models import Decision
from engagement.decisions.services import save_decision
from engagement.events.models import Event, Participation
from engagement.events.services import choose_audience, invite, save_event
from engagement.evidence.models import Evidence
from engagement.followups.models import FollowUp
from engagement.followups.services import save_follow_up
from engagement.interviews.models import Interview
from engagement.interviews.services import save_interview
from engagement.mailings.audience import freeze, people_in, reasons_for
from engagement.mailings.kinds import Letter, Mail, MessageKind
from engagement.mailings.models import Mailing, Message, Reason, Recipient
from engagement.mailings.services import send
from engagement.statements.models import Response, Statement, Writeup
from engagement.statements.services import Draft, save_statement
from engagement.strategy.models import StrategyItem

_numbers = count(1)


def make_user(role: Role | None = Role.COMMUNICATIONS, **fields: Any) -> User:
    number = next(_numbers)
    user = User.objects.create_user(
        f"user{number}@example.org", "a long password", name=f"User {number}", **{"language": "en", **fields}
    )
    if role:
        user.groups.add(Group.objects.get_or_create(name=role.value)[0])
    return user


def make_theme(slug: str = "battle-for-talent") -> Theme:
    """One of the six, of which the others are there too."""
    if not Theme.objects.exists():
        themes = json.loads((settings.BASE_DIR / "fixtures" / "reference.json").read_text("utf-8"))["themes"]
        Theme.objects.bulk_create(
            Theme(slug=one["slug"], name_nl=one["nl"], name_en=one["en"], position=position)
            for position, one in enumerate(themes)
        )
    return Theme.objects.get(slug=slug)


def make_tag(name: str = "Kennispark") -> Tag:
    return tags_called([name])[0]


def make_organisation(name: str = "", *sectors: str) -> Organisation:
    organisation = Organisation.objects.create(name=name or f"Organisation {next(_numbers)}")
    for index, sector in enumerate(sectors or ("education",)):
        OrganisationSector.objects.create(organisation=organisation, sector=sector, primary=index == 0)
    return organisation


def make_contact(
    *, email: str | None = "", organisation: Organisation | None = None, **fields: Any
) -> Contact:
    """Jan van den Berg with an address of his own; `email=None` for none."""
    known = {
        "given_name": "Jan",
        "initials": "J.",
        "infix": "van den",
        "family_name": "Berg",
        "form_of_address": "heer",
    }
    # What is not heard here was told: a facet by itself would be counted away.
    fields.setdefault("told_heard_on", fields.get("last_heard_on"))
    contact = Contact.objects.create(**{**known, **fields})
    addresses = [] if email is None else [email or f"person{contact.pk}@example.org"]
    for address in addresses:
        ContactPoint.objects.create(contact=contact, kind="email", value=address, preferred=True)
    places = []
    if organisation:
        Affiliation.objects.create(contact=contact, organisation=organisation, job_title="director")
        places = names_of({organisation.pk})[organisation.pk]
    names = (contact.given_name, contact.family_name, contact.initials, contact.infix)
    add_documents([Newcomer(contact.pk, *names, addresses, places)])
    return contact


def make_seat(role: str = "lid", *, body: Body | None = None, **fields: Any) -> Seat:
    body = body or Body.objects.create(name_nl=f"Stuurgroep {next(_numbers)}", name_en="Steering group")
    return Seat.objects.create(body=body, role=role, **fields)


def make_term(
    *, seat: Seat | None = None, contact: Contact | None = None, start: str = "2020-01-01", end: str = ""
) -> SeatHolder:
    return SeatHolder.objects.create(
        seat=seat or make_seat(),
        contact=contact or make_contact(),
        started_on=date.fromisoformat(start),
        ended_on=date.fromisoformat(end) if end else None,
    )


def make_event(*, in_days: float = 21, remind: int | None = None, **fields: Any) -> Event:
    start: datetime = fields.pop("starts_at", timezone.now().replace(microsecond=0) + timedelta(days=in_days))
    known = {
        "title_nl": "Expertsessie talent",
        "title_en": "Expert session talent",
        "text_nl": "Wij praten over talent.",
        "text_en": "We talk about talent.",
        "place": "DesignLab",
        "starts_at": start,
        "ends_at": start + timedelta(hours=3),
    }
    theme = fields.pop("theme", None) or make_theme()
    return save_event(event=Event(theme=theme, **{**known, **fields}), remind_days_before=remind)


def make_interview(
    *contacts: Contact, notes: str = "", by: User | None = None, confidential: bool = False, **fields: Any
) -> Interview:
    """One held an hour ago, with these people as its speakers."""
    known = {"interviewer": by or make_user(), "held_at": timezone.now() - timedelta(hours=1)}
    interview = Interview(**{**known, **fields})
    return save_interview(
        interview=interview, contacts=contacts, themes=[], notes=notes, confidential=confidential
    )


def make_attachment(writeup: Writeup, content: bytes = b"%PDF-1.7 x", **fields: Any) -> Attachment:
    known = {"name": "verslag.pdf", "kind": "pdf", "size": len(content)}
    attachment = Attachment(**{**known, **fields})
    return add_attachment(writeup=writeup, file=BytesIO(content), by=make_user(), attachment=attachment)


def make_follow_up(what: str = "Cijfers sturen", *, in_days: int = 3, **fields: Any) -> FollowUp:
    owner = fields.pop("owner", None) or make_user()
    known = {"owner": owner, "created_by": owner, "due_on": timezone.localdate() + timedelta(days=in_days)}
    return save_follow_up(follow_up=FollowUp(what=what, **{**known, **fields}))


def make_statement(passage: str = "De hal is te klein.", **fields: Any) -> Statement:
    """One that hangs on the notes of an interview, which is made where none is given."""
    interview = fields.pop("interview", None)
    codes = fields.pop("codes", [])
    if interview is None:
        interview = make_interview(make_contact(), notes=passage)
    writeup = interview.writeup
    start = writeup.text.index(passage)
    draft = Draft(
        uuid=uuid4(),
        revision=writeup.revision,
        start=start,
        end=start + len(passage),
        new_codes=codes,
        **{"speaker": writeup.speakers.first(), **fields},
    )
    return save_statement(writeup=writeup, draft=draft, by=interview.interviewer)


def make_item(code: str = "1.1.1", title: str = "", **fields: Any) -> StrategyItem:
    """A part of the strategy in the place that `code` says, with those above it that are not there yet."""
    parent = make_item(code.rpartition(".")[0]) if "." in code else None
    kind = StrategyItem.Kind.values[code.count(".")]
    pillar, goal, measure = map(int, [*code.split("."), "0", "0"][:3])
    known = {"kind": kind, "parent": parent, "position": (pillar * 50 + goal) * 50 + measure}
    if fields or title or not (item := StrategyItem.objects.filter(code=code).first()):
        values = {**known, "title_nl": title or f"Onderdeel {code}", **fields}
        item, _new = StrategyItem.objects.update_or_create(code=code, defaults=values)
    return item


def make_decision(*items: StrategyItem, in_days: int = -3, **fields: Any) -> Decision:
    known = {
        "decided_on": timezone.localdate() + timedelta(days=in_days),
        "text_nl": "De halte komt er.",
        "recorded_by": fields.pop("by", None) or make_user(Role.CORE_TEAM),
    }
    if "organisation" not in fields:
        number = next(_numbers)
        fields.setdefault(
            "body", Body.objects.create(name_nl=f"Stuurgroep {number}", name_en="Steering group")
        )
    return save_decision(decision=Decision(**{**known, **fields}), items=items)


def make_evidence(
    statement: Statement, item: StrategyItem, outcome: str = "adopted", **fields: Any
) -> Evidence:
    by = fields.pop("by", None) or make_user(Role.CORE_TEAM)
    return Evidence.objects.create(statement=statement, item=item, outcome=outcome, linked_by=by, **fields)


def make_participation(**fields: Any) -> Participation:
    contact = fields.pop("contact", None) or make_contact()
    return Participation.objects.create(
        event=fields.pop("event", None) or make_event(), contact=contact, **fields
    )


def draft_invitation(event: Event) -> Mailing:
    """A draft to everybody there is."""
    return choose_audience(event=event, audience={}, contacts=Contact.objects.all(), by=make_user())


def invite_everybody(event: Event) -> list[Message]:
    """Put an invitation for everybody in the outbox; return the messages in order of the people."""
    invite(mailing=draft_invitation(event))
    return list(Message.objects.filter(kind="invitation", about_id=event.pk).order_by("contact__pk"))


def plain_kind(name: str = "test news", purpose: str = "invitation") -> MessageKind:
    """A kind of mailing that chooses its people on the page for that; not registered."""
    return MessageKind(
        name=name,
        purpose=purpose,
        label="Test news",
        letters=lambda messages: [Letter(message) for message in messages],
        compose=lambda letter, fields: Mail("News", "There is news.", "<p>There is news.</p>"),
        audience_page="mailing_audience",
    )


def draft_of(kind: MessageKind, *people: Contact, **fields: Any) -> Mailing:
    """A draft to these people, each with the reason as it is now."""
    known = {"title": "News", "created_by": make_user(), **fields}
    mailing = Mailing.objects.create(kind=kind.name, about_id=0, **known)
    mailing.about_id = mailing.pk
    mailing.save(update_fields=["about_id"])
    found = people_in(person.pk for person in people)
    freeze(mailing=mailing, reasons=reasons_for(found, kind, mailing.pk), why={})
    return mailing


# How a message gets where a test needs it: the database refuses shortcuts.
_WAYS = {
    "sent": ["claimed", "handing_over", "sent"],
    "uncertain": ["claimed", "handing_over", "uncertain"],
    "refused": ["claimed", "refused"],
    "skipped": ["claimed", "skipped"],
}


def bring_to(state: str, messages: QuerySet[Message], **fields: Any) -> None:
    """Let these messages, which wait, go step by step to `state`; `fields` are set with the last step."""
    keys = list(messages.values_list("pk", flat=True))
    soon = timezone.now() + timedelta(minutes=1)
    for step in _WAYS[state]:
        held = step in ("claimed", "handing_over")
        claim = {"claim": uuid4() if held else None, "lease_until": soon if held else None}
        sent = {"sent_at": timezone.now()} if step == "sent" else {}
        last = fields if step == state else {}
        Message.objects.filter(pk__in=keys).update(state=step, **{**claim, **sent, **last})


def put(message: Message, **fields: Any) -> None:
    """Let the row of `message` be so, whatever it was: made anew, since no update may take a shortcut."""
    rows = Message.objects.filter(pk=message.pk)
    rows._raw_delete(rows.db)
    for name, value in fields.items():
        setattr(message, name, value)
    message.save(force_insert=True)


def write(kind: str = "newsletter", *blocks: Block, event: Event | None = None, **subjects: str) -> Mailing:
    """A draft in both languages; without `blocks` one of each kind, with a card only of `event`."""
    written = start(kind=kind, title="Brief", by=make_user())
    written.subject_nl = subjects.get("subject_nl", "Nieuws van de campus")
    written.subject_en = subjects.get("subject_en", "News of the campus")
    return save(composition=written, blocks=blocks or _one_of_each(event)).mailing


def _one_of_each(event: Event | None) -> list[Block]:
    known = [
        Block(kind="heading", text_nl="Een nieuw lab", text_en="A new lab"),
        Block(kind="text", text_nl="Het **staat** er.", text_en="It *is* [there](https://example.org/lab)."),
        Block(kind="button", text_nl="Lees verder", text_en="Read on", url="https://example.org/more"),
        Block(kind="list", text_nl="een\ntwee", text_en="one\ntwo"),
    ]
    return [*known, Block(kind="event", event=event)] if event else known


def put_in(mailing: Mailing, *contacts: Contact) -> None:
    """Let these people get the mailing."""
    Recipient.objects.bulk_create(
        Recipient(mailing=mailing, contact=one, included=True, reason=Reason.IN_AUDIENCE) for one in contacts
    )


def queued(mailing: Mailing) -> list[Message]:
    """Put it in the outbox for whoever gets it; return the messages in order of the people."""
    send(mailing=mailing)
    return list(mailing.messages.select_related("contact").order_by("contact__pk"))


def happened(kind: str, contact: Contact, **what: Any) -> None:
    """Something of a registered kind, told about `contact`."""
    tell(Happening(KINDS[kind], [contact.pk], **what))


def answer_about(statement: Statement, kind: str = "approved", **what: Any) -> Response:
    """What who said it answers by their link; `words` are their own ones."""
    speaker = what.pop("speaker", statement.speaker)
    statement.refresh_from_db()
    known = {"visibility": statement.visibility, "words": "", "seen": mark_of(statement.words)}
    spoken = {name: what.pop(name) for name in ("recorded_by", "spoken_on") if name in what}
    respond(speaker=speaker, answers=[Answer(statement.pk, kind=kind, **{**known, **what})], **spoken)
    statement.refresh_from_db()
    assert statement.latest_response is not None
    return statement.latest_response
