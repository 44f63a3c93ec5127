"""What became of a mailing: deliveries, answers, and who wants no more. Nobody's reading is tracked."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from crm.base.sectors import Sector
from crm.contacts.models import Contact
from crm.preferences.models import Channel, ConsentRecord
from engagement.mailings.audience import speaks_for
from engagement.mailings.kinds import KINDS
from engagement.mailings.models import Mailing, Message, MessageQuerySet


@dataclass(frozen=True)
class SectorRow:
    """How many of one O; `code` is "" for whoever speaks for none."""

    code: str
    word: str
    delivered: int
    answered: int
    opted_out: int


@dataclass(frozen=True)
class Results:
    """`answers` is empty for a kind of mailing that asks nothing."""

    answers: list[tuple[str, int]]
    opted_out: int
    sectors: list[SectorRow]


def results_of(mailing: Mailing) -> Results:
    """In a number of queries that does not depend on how many people there are."""
    kind = KINDS[mailing.kind]
    delivered = set(_delivered(mailing).values_list("contact", flat=True))
    opted_out = opted_out_since(mailing)
    answered = set(kind.answers(mailing))
    return Results(kind.results(mailing), len(opted_out), _by_sector(delivered, answered, opted_out, mailing))


def lost_since_draft(mailing: Mailing) -> list[tuple[Contact, str]]:
    """Who was to get it when it was a draft and did not, each with the reason: found when it was sent, or
    just before their own mail went.
    """
    fell_out = mailing.recipients.filter(fell_out=True).select_related("contact")
    skipped = mailing.messages.filter(state=Message.State.SKIPPED).select_related("contact")
    rows = [*fell_out, *skipped.order_by("contact__sort_key", "pk")]
    return [(row.contact, row.get_reason_display()) for row in rows]


def _delivered(mailing: Mailing) -> MessageQuerySet:
    return mailing.messages.filter(state=Message.State.SENT).order_by()


def opted_out_since(mailing: Mailing) -> set[int]:
    """Who got the mailing and said no to its purpose afterwards, though they may have said yes again."""
    got = mailing.messages.filter(contact=OuterRef("contact"), sent_at__lte=OuterRef("recorded_at"))
    said_no = ConsentRecord.objects.filter(
        Exists(got), purpose=KINDS[mailing.kind].purpose, channel=Channel.EMAIL, allowed=False
    )
    return set(said_no.order_by().values_list("contact", flat=True))


def _by_sector(
    delivered: Collection[int], answered: Collection[int], opted_out: Collection[int], mailing: Mailing
) -> list[SectorRow]:
    """Whoever speaks for two of the O's counts with both."""
    sectors = speaks_for(mailing.messages.order_by().values("contact"))
    rows = []
    for code in [*Sector.values, ""]:
        numbers = [
            sum(code in sectors.get(contact, {""}) for contact in people)
            for people in (delivered, answered, opted_out)
        ]
        if code or any(numbers):
            rows.append(SectorRow(code, str(Sector(code).label) if code else _("not known"), *numbers))
    return rows
