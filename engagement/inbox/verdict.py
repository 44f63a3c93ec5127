"""What an incoming mail turns out to be."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """A hard bounce is one of an address that does not exist; every other bounce is soft."""

    HARD = "hard"
    SOFT = "soft"
    COMPLAINT = "complaint"
    AUTO_REPLY = "auto-reply"
    NONE = "none"


class Why(StrEnum):
    """Why a mail came back, or what was reported."""

    UNKNOWN = "unknown address"
    NO_DOMAIN = "unknown domain"
    MOVED = "moved"
    FULL = "mailbox full"
    DISABLED = "disabled"
    DELAYED = "delayed"
    UNREACHABLE = "unreachable"
    SPAM = "spam"
    POLICY = "policy"
    SENDER = "sender"
    TOO_LARGE = "too large"
    CONTENT = "content"
    RATE = "rate"
    DOUBTFUL = "doubtful"
    OTHER = "other"
    ABUSE = "abuse"
    AUTHENTICATION = "authentication"
    NOTHING = ""


HARD = frozenset({Why.UNKNOWN, Why.NO_DOMAIN, Why.MOVED})
# These say something about our mail or our server, not about the address: they count for nothing there.
ABOUT_US = frozenset(
    {Why.SPAM, Why.POLICY, Why.SENDER, Why.TOO_LARGE, Why.CONTENT, Why.RATE, Why.AUTHENTICATION}
)


class Effect(StrEnum):
    """What a mail does once it turns out to be about a message of ours to that address."""

    SUSPEND = "suspend"
    COUNT = "count"
    OPT_OUT = "opt out"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Failure:
    """One recipient that could not be reached; `addresses` are all names it goes by, the mailed one first."""

    addresses: tuple[str, ...]
    kind: Kind
    why: Why
    status: str = ""  # RFC 3463, "5.1.1"
    reply: str = ""  # RFC 5321, "550"


@dataclass(frozen=True)
class Verdict:
    """`message_ids` and `verp` tell which mail it is about, as far as that is told."""

    kind: Kind
    why: Why = Why.NOTHING
    failures: tuple[Failure, ...] = ()
    reported: tuple[str, ...] = ()
    message_ids: tuple[str, ...] = ()
    verp: str = ""

    @property
    def addresses(self) -> tuple[str, ...]:
        return tuple(failure.addresses[0] for failure in self.failures if failure.addresses) or self.reported

    @property
    def code(self) -> str:
        """The most telling code: the enhanced one, else the reply, of the failure that decided."""
        deciding = next((one for one in self.failures if one.kind == self.kind), None)
        return (deciding.status or deciding.reply) if deciding else ""

    @property
    def effect(self) -> Effect:
        if self.kind is Kind.HARD:
            return Effect.SUSPEND
        if self.why in ABOUT_US:
            return Effect.NOTHING
        effects = {Kind.SOFT: Effect.COUNT, Kind.COMPLAINT: Effect.OPT_OUT}
        return effects.get(self.kind, Effect.NOTHING)
