"""The mail of what somebody wrote: the same for all, but for the salutation and the links."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.base.happenings import about
from crm.contacts import names
from crm.contacts.formality import variety
from crm.contacts.models import Contact
from crm.links.services import Wanted
from crm.preferences.models import Purpose
from engagement.compositions import checks, markdown
from engagement.compositions.happenings import SENT
from engagement.compositions.models import Block, Composition
from engagement.events.links import ANSWER
from engagement.events.models import Event, Participation
from engagement.events.objections import event_over
from engagement.mailings.kinds import KINDS, CannotBeMade, Fields, Letter, Mail, MessageKind, register
from engagement.mailings.models import Mailing, Message
from engagement.mailings.pages import query_for, unsubscribe_headers, urls_of
from engagement.mailings.telling import tell_sent

Kind = Block.Kind
_FOLDER = "engagement/compositions/mail"


@dataclass(frozen=True)
class About:
    """What a mail is made of beside the words for one reader."""

    composition: Composition
    blocks: tuple[Block, ...]
    variety: str
    # Behind the addresses of pages.
    page_query: str
    kind: str


@dataclass(frozen=True)
class Part:
    """A block as one reader gets it; `answer_url` is the page on which they answer for its event."""

    block: Block
    variety: str
    answer_url: str

    @property
    def kind(self) -> str:
        return self.block.kind

    @property
    def template(self) -> str:
        return f"{_FOLDER}/{self.kind}.html"

    @property
    def words(self) -> str:
        return self.block.text(self.variety).strip()

    @property
    def url(self) -> str:
        """Whatever got into the database, no mail carries another kind of link."""
        return self.block.url if markdown.may_follow(self.block.url) else ""

    @property
    def title(self) -> str:
        return self.block.event.title(self.variety) if self.block.event else ""

    @property
    def html(self) -> SafeString:
        listed = self.kind == Kind.LIST
        return markdown.items_as_html(self.words) if listed else markdown.as_html(self.words)

    @property
    def text(self) -> str:
        if self.kind == Kind.LIST:
            return markdown.items_as_text(self.words)
        return markdown.as_text(self.words) if self.kind == Kind.TEXT else self._in_plain_words()

    def _in_plain_words(self) -> str:
        if self.kind == Kind.BUTTON:
            return f"{self.words}: {self.url}"
        if self.kind == Kind.EVENT:
            return render_to_string(f"{_FOLDER}/event.txt", {"part": self, "event": self.block.event}).strip()
        return self.words


def letters(messages: Sequence[Message]) -> list[Letter]:
    """One letter a message, in a fixed number of queries."""
    written = _written({message.about_id for message in messages})
    events = {event for one in written.values() for event in _open_events(one.blocks.all())}
    known = _participations(messages, events)
    pages = {message: known.get(message.contact_id, {}) for message in messages}
    urls = urls_of({message: _answer_pages(by_event) for message, by_event in pages.items()})
    return [_checked(message, written.get(message.about_id), urls[message.pk]) for message in messages]


def _written(mailings: Collection[int]) -> dict[int, Composition]:
    """By mailing; read again when somebody saved between the query for subjects and the one for blocks."""
    found = Composition.objects.filter(mailing__in=mailings)
    while True:
        read = list(found.with_content().select_related("mailing"))
        if {(one.pk, one.updated_at) for one in read} == set(found.values_list("pk", "updated_at")):
            return {one.mailing.pk: one for one in read}


def _checked(message: Message, composition: Composition | None, urls: dict[str, str]) -> Letter:
    """A letter, but of words that its reader would have only half no mail is made."""
    if composition is None:
        return Letter(message, problem=gettext("There is no text yet."))
    blocks = tuple(composition.blocks.all())
    if not blocks or checks.missing(composition, blocks, message.language):
        return Letter(message, problem=_not_written(message.language))
    return _letter(message, composition, blocks, urls)


def _not_written(language: str) -> str:
    return gettext("It is not written in %(language)s.") % {"language": dict(settings.LANGUAGES)[language]}


def proof(message: Message, composition: Composition, blocks: Iterable[Block]) -> Mail:
    """The mail of words that are being written, as far as there are any. Raises CannotBeMade."""
    blocks = [block for block in blocks if block.speaks(message.language)]
    if not blocks:
        raise CannotBeMade(_not_written(message.language))
    known = _participations([message], set(_open_events(blocks)))
    urls = urls_of({message: _answer_pages(known.get(message.contact_id, {}))})
    letter = _letter(message, composition, tuple(blocks), urls[message.pk])
    if letter.problem:
        raise CannotBeMade(letter.problem)
    return compose(letter, letter.fields)


def sample(mailing: Mailing, language: str) -> Message:
    """To nobody in particular, for a look at words that have no audience yet."""
    with translation.override(language):
        reader = Contact(form_of_address="own", own_salutation=gettext("Dear reader"), language=language)
    return Message(
        kind=mailing.kind,
        about_id=mailing.about_id,
        contact=reader,
        mailing=mailing,
        purpose=KINDS[mailing.kind].purpose,
        language=language,
    )


def _open_events(blocks: Iterable[Block]) -> list[Event]:
    return [block.event for block in blocks if block.event is not None and not event_over(block.event)]


def _participations(
    messages: Iterable[Message], events: Collection[Event]
) -> dict[int, dict[Event, Participation]]:
    """By contact, then by event."""
    found: dict[int, dict[Event, Participation]] = {}
    if not events:
        return found
    by_key = {event.pk: event for event in events}
    people = {message.contact_id for message in messages}
    for row in Participation.objects.filter(event__in=events, contact__in=people):
        found.setdefault(row.contact_id, {})[by_key[row.event_id]] = row
    return found


def _answer_pages(participations: dict[Event, Participation]) -> dict[str, Wanted]:
    return {
        _answer_field(event.pk): Wanted(row.contact_id, ANSWER, str(row.pk), event.ends_at)
        for event, row in participations.items()
    }


def _answer_field(event: int) -> str:
    return f"answer_{event}_url"


def _letter(
    message: Message, composition: Composition, blocks: tuple[Block, ...], urls: dict[str, str]
) -> Letter:
    formality = composition.formality_for(message.contact, blocks)
    spoken = variety(message.language, formality)
    about = About(composition, blocks, spoken, query_for(message, spoken), message.kind)
    try:
        salutation = names.salutation(message.contact, message.language, formality)
    except names.UnresolvedSalutation as error:
        return Letter(message, problem=type(error).__name__)
    events = tuple((block.event.pk, block.event.updated_at) for block in blocks if block.event)
    variant = (
        composition.pk,
        composition.updated_at,
        about.variety,
        about.page_query,
        about.kind,
        message.purpose,
        events,
        tuple(sorted(urls)),
    )
    return Letter(message, "", "", variant, {"salutation": salutation, **urls}, about)


def compose(letter: Letter, fields: Fields) -> Mail:
    """The mail with these fields put in, which may be stand-ins."""
    about: About = letter.about
    parts = [Part(block, about.variety, _answer_url(block, fields)) for block in about.blocks]
    with translation.override(about.variety):
        subject = " ".join(about.composition.subject(about.variety).split())
        context = {
            **fields,
            "site_name": settings.SITE_NAME,
            "language": letter.message.language,
            "page_query": about.page_query,
            "title": subject,
            "subject": subject,
            "parts": parts,
            "kind": about.kind,
            "text": "\n\n".join(part.text for part in parts),
        }
        return Mail(
            subject=subject,
            text=render_to_string(f"{_FOLDER}/composition.txt", context),
            html=render_to_string(f"{_FOLDER}/composition.html", context),
            headers=unsubscribe_headers(fields),
        )


def _answer_url(block: Block, fields: Fields) -> str:
    return fields.get(_answer_field(block.event.pk), "") if block.event else ""


def note_sent(messages: Sequence[Message]) -> None:
    """Put the messages, which are of one kind, on the timelines."""
    found = Composition.objects.filter(mailing__in={message.about_id for message in messages})
    things = {one.mailing.pk: (about(one.mailing), one.titles()) for one in found.select_related("mailing")}
    for message in messages[:1]:
        tell_sent(SENT[message.kind], messages, things)


def languages(mailing: Mailing) -> list[str]:
    """Those in which it is written as a whole."""
    composition = Composition.objects.with_content().filter(mailing=mailing).first()
    return checks.languages_written(composition, composition.blocks.all()) if composition else []


_KINDS: list[tuple[str, Purpose, Promise]] = [
    ("announcement", Purpose.INVITATION, _("Announcement")),
    ("newsletter", Purpose.NEWSLETTER, _("Newsletter")),
    ("feedback", Purpose.FEEDBACK, _("Feedback")),
    ("service", Purpose.SERVICE, _("Practical notice")),
]
COMPOSED = [
    register(
        MessageKind(
            name=name,
            purpose=purpose,
            label=label,
            letters=letters,
            compose=compose,
            problems=checks.problems,
            warnings=checks.warnings,
            note_sent=note_sent,
            edit_page="composition_edit",
            audience_page="mailing_audience",
            copy_page="composition_copy",
            languages=languages,
        )
    )
    for name, purpose, label in _KINDS
]
