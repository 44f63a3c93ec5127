"""What the outbox must know of a kind of message. The noun that owns the kind registers it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from django.utils.functional import Promise

if TYPE_CHECKING:  # models.py needs nothing from here, but a type circle is a circle
    from engagement.mailings.models import Mailing, Message


@dataclass(frozen=True)
class Mail:
    """What is sent: subject on one line, both bodies, and an optional iTIP part (RFC 5546)."""

    subject: str
    text: str
    html: str
    calendar: bytes = b""
    method: str = ""
    headers: dict[str, str] = field(default_factory=dict)


class Start(Protocol):
    """Raises MailingNotReady; a mailing that was started already is left as it is."""

    def __call__(self, *, mailing: "Mailing") -> None: ...


def _nothing(message: "Message") -> None:
    """Most kinds note nothing when they are sent."""


@dataclass(frozen=True)
class MessageKind:
    """`render` makes the mail; `objection` says why it makes no sense any more ("" when it still does);
    `problems` lists what is wrong with a mailing of this kind before it starts; `note_sent` runs in
    the transaction that marks the message as sent; `start` begins a mailing of this kind."""

    name: str
    purpose: str
    label: Promise | str
    render: Callable[["Message"], Mail]
    objection: Callable[["Message"], str]
    problems: Callable[["Mailing"], list[str]] = lambda mailing: []
    note_sent: Callable[["Message"], None] = _nothing
    start: Start | None = None


KINDS: dict[str, MessageKind] = {}


def register(kind: MessageKind) -> MessageKind:
    KINDS[kind.name] = kind
    return kind
