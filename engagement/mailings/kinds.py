"""What the outbox must know of a kind of message. The noun that owns the kind registers it."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from django.conf import settings
from django.utils.functional import Promise

if TYPE_CHECKING:  # models.py needs nothing from here, but a type circle is a circle
    from engagement.mailings.models import Mailing, Message

Fields = Mapping[str, str]


@dataclass(frozen=True)
class Mail:
    """What is sent: subject on one line, both bodies, and an optional iTIP part (RFC 5546)."""

    subject: str
    text: str
    html: str
    calendar: bytes = b""
    method: str = ""
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Letter:
    """One message as it would be made now.

    `objection` is a Reason why it makes no sense any more, `problem` says why it cannot be made; "" is none.
    Letters of the same `variant` differ in `fields` only, the words that differ per reader, so that a mail
    is composed once per variant and the fields are put in. `about` is whatever compose() needs.
    """

    message: "Message"
    objection: str = ""
    problem: str = ""
    variant: Hashable = ()
    fields: Fields = field(default_factory=dict)
    about: Any = None


class Start(Protocol):
    """Raises MailingNotReady; a mailing that was started already is left as it is."""

    def __call__(self, *, mailing: "Mailing") -> None: ...


def _in_all_languages(mailing: "Mailing") -> list[str]:
    return [code for code, _name in settings.LANGUAGES]


def _nothing(messages: "Sequence[Message]") -> None:
    """Most kinds note nothing when they are sent."""


@dataclass(frozen=True)
class MessageKind:
    """`letters` looks at messages together and gives one Letter each, in their order; `compose` makes the
    mail of a letter with the given fields, which may be stand-ins; `note_sent` runs in the transaction that
    notes messages as told about; `problems` lists what is wrong with a mailing before it starts; `start`
    begins one, services.send() unless given.

    `edit_page` and `audience_page` are the names of the pages that change the words and choose who gets a
    mailing, and `copy_page` of the one that makes another of it, "" when the owner has its own; `languages`
    are those it is written in; `over_at` is the moment from which it makes no sense; `warnings` says what
    does not keep it from starting; `answers` holds in words what people answered, by contact, and `results`
    how many answered what.

    Each of `called_off` is a SELECT about the row of engagement_message that finds something when it makes no
    sense any more. They are asked at the last moment, when the objection of the letter may be a batch old.
    """

    name: str
    purpose: str
    label: Promise | str
    letters: "Callable[[Sequence[Message]], list[Letter]]"
    compose: Callable[[Letter, Fields], Mail]
    problems: "Callable[[Mailing], list[str]]" = lambda mailing: []
    note_sent: "Callable[[Sequence[Message]], None]" = _nothing
    start: Start | None = None
    called_off: Sequence[str] = ()
    edit_page: str = ""
    warnings: "Callable[[Mailing], list[str]]" = lambda mailing: []
    languages: "Callable[[Mailing], list[str]]" = _in_all_languages
    audience_page: str = ""
    copy_page: str = ""
    over_at: "Callable[[Mailing], datetime | None]" = lambda mailing: None
    answers: "Callable[[Mailing], Mapping[int, str]]" = lambda mailing: {}
    results: "Callable[[Mailing], list[tuple[str, int]]]" = lambda mailing: []

    def render(self, message: "Message") -> Mail:
        """The mail of one message, for a look at it; CannotBeMade when something lacks."""
        letter = self.letters([message])[0]
        if letter.problem:
            raise CannotBeMade(letter.problem)
        return self.compose(letter, letter.fields)


class CannotBeMade(ValueError):
    """A mail lacks something, such as a salutation that resolves."""


KINDS: dict[str, MessageKind] = {}


def register(kind: MessageKind) -> MessageKind:
    KINDS[kind.name] = kind
    return kind
