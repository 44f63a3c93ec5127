"""One mail of each kind to the same reader, about the same event: for pictures, and to read their source."""

from datetime import timedelta

from django.utils import timezone

from crm.contacts.models import Contact
from engagement.approvals.models import ApprovalRequest
from engagement.approvals.services import ask, remind_due
from engagement.compositions.mails import COMPOSED
from engagement.compositions.models import Block
from engagement.events.models import Event, Participation
from engagement.evidence.services import link
from engagement.feedback.services import follow, make_digests, tell
from engagement.mailings.kinds import KINDS
from engagement.mailings.making import made
from engagement.mailings.models import Message
from engagement.mailings.services import queue
from engagement.strategy.models import StrategyItem
from tests.factories import make_interview, make_statement, make_user, put_in, write

# In the order in which a reader may meet them.
OF_AN_EVENT = ("invitation", "confirmation", "reminder", "update", "cancellation")
COMPOSED_KINDS = tuple(kind.name for kind in COMPOSED)
TO_A_SPEAKER = ("approval", "approval reminder", "outcomes", "following")
ALL = (*OF_AN_EVENT, *COMPOSED_KINDS, *TO_A_SPEAKER)

_TEXT_NL = (
    "Het **DesignLab** gaat na de zomer ook 's avonds open. Bedrijven en studenten kunnen er dan samen aan "
    "prototypes werken.\n\n"
    "Wie de avonden wil helpen vormgeven, leest [het plan](https://kennispark.example.org/labs/plan) of "
    "schrijft aan [het projectbureau](mailto:projectbureau@example.org)."
)
_TEXT_EN = (
    "After the summer the **DesignLab** will be open in the evening as well. Companies and students can "
    "work on prototypes there together.\n\n"
    "To help shape those evenings, read [the plan](https://kennispark.example.org/labs/plan) or write "
    "to [the project office](mailto:projectbureau@example.org)."
)


def newsletter(event: Event) -> list[Block]:
    """A block of each kind, with something in it that is hard on a narrow screen."""
    return [
        Block(kind="text", text_nl=_TEXT_NL, text_en=_TEXT_EN),
        Block(
            kind="button",
            text_nl="Geef u op voor een avond",
            text_en="Sign up for an evening",
            url="https://kennispark.example.org/labs",
        ),
        Block(kind="heading", text_nl="Wat er is besloten", text_en="What was decided"),
        Block(
            kind="list",
            text_nl="De stuurgroep *steunt* het fietsplan.\n"
            "Onderwijshuisvestingsvoorzieningen komen in oktober aan de orde.\n"
            "Het verslag staat op [kennispark.example.org/verslag](https://kennispark.example.org/verslag).",
            text_en="The steering group *supports* the cycling plan.\n"
            "Housing for education is on the agenda in October.\n"
            "The minutes are at [kennispark.example.org/minutes](https://kennispark.example.org/minutes).",
        ),
        Block(kind="heading", text_nl="Praat mee", text_en="Join the talk"),
        Block(kind="event", event=event),
    ]


def mails(event: Event, reader: Contact) -> dict[str, Message]:
    """The message of each kind by name; `reader` takes part in `event`."""
    participation, _new = Participation.objects.get_or_create(event=event, contact=reader)
    for kind in OF_AN_EVENT:
        revision = {"confirmation": participation.answers, "update": event.sequence}.get(kind, 0)
        queue(kind=kind, about_id=event.pk, people=[reader], revision=revision)
    for kind in COMPOSED_KINDS:
        mailing = write(
            kind,
            *newsletter(event),
            subject_nl="De labs gaan 's avonds open",
            subject_en="The labs open in the evening",
        )
        put_in(mailing, reader)
        queue(kind=kind, about_id=mailing.pk, people=[reader], mailing=mailing)
    to_a_speaker(reader)
    found = Message.objects.filter(contact=reader, kind__in=ALL).select_related("contact")
    return {message.kind: message for message in found.order_by("created_at")}


def to_a_speaker(reader: Contact) -> None:
    """Two sentences that the reader said: asked about, reminded of, told of and followed."""
    now = timezone.now()
    said = ("De labs staan 's avonds leeg.", "Laat bedrijven erin, dan komen de studenten vanzelf.")
    by = make_user()
    interview = make_interview(reader, notes=" ".join(said), by=by)
    adopted, other = (make_statement(words, interview=interview) for words in said)
    speaker = interview.writeup.speakers.get()
    request = ask(writeup=interview.writeup, speakers=[speaker], by=by)[0]
    ApprovalRequest.objects.filter(pk=request.pk).update(asked_at=now - timedelta(days=8))
    remind_due(now)
    item = StrategyItem.objects.create(
        kind="pillar",
        code=f"9.{reader.pk}",
        title_nl="Labs met lange openingstijden",
        title_en="Labs that stay open",
    )
    reasons = {"reason_nl": "Tien mensen zeiden dit.", "reason_en": "Ten people said so."}
    for statement, outcome in ((adopted, "adopted"), (other, "not adopted")):
        link(statements=[statement.pk], item=item, outcome=outcome, by=by, **reasons)
    tell(speakers=[speaker], by=by)
    follow(speaker=speaker, statements=[adopted.pk])
    item.state = StrategyItem.State.ADOPTED
    item.save()
    make_digests()


def html_of(message: Message) -> str:
    return KINDS[message.kind].render(message).html


def raw_of(message: Message) -> str:
    """As it goes over the line."""
    kind = KINDS[message.kind]
    return made(kind.letters([message])[0]).decode()
