"""What is shown of who said a statement, to whom: one rule for every page, export, feed and search."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from crm.accounts.models import User
from crm.accounts.roles import may
from engagement.statements.models import Statement, StatementQuerySet, Visibility, Writeup

# What it takes to see names at all.
NAMES = "statements.names"


@dataclass(frozen=True)
class Attribution:
    """Who said it, as far as the reader may know: "" and None for what they may not.

    `contact` and `organisation` are keys of their pages. `limited` says that more is known than is shown.
    """

    name: str = ""
    job_title: str = ""
    organisation_name: str = ""
    sector: str = ""
    contact: int | None = None
    organisation: int | None = None
    # Where it came from when nobody is known to have said it; that may be a name.
    origin: str = ""
    limited: bool = False


def shown_to(statements: StatementQuerySet, reader: User) -> StatementQuerySet:
    """Those of which `reader` may see that they were said; see attribution() for by whom."""
    return statements if may(reader, NAMES) else statements.exclude(visibility=Visibility.TEAM)


def attribution(statement: Statement, reader: User, *, trusted: Iterable[int] = ()) -> Attribution:
    """What `reader` may know of who said `statement`.

    The team sees who it was, but for what was said in confidence: that only those know who were there
    (`trusted`, the keys of such notes, from trusted_with()). All others see the O: nobody approved more.
    """
    speaker = statement.speaker
    if speaker is None:
        return Attribution(origin=statement.origin) if may(reader, NAMES) else Attribution()
    writeup = statement.writeup
    confided = writeup is not None and writeup.confidential and writeup.pk not in trusted
    if confided or not may(reader, NAMES):
        return Attribution(sector=speaker.sector, limited=True)
    organisation = speaker.organisation
    return Attribution(
        name=str(speaker),
        job_title=speaker.job_title,
        organisation_name=str(organisation or ""),
        sector=speaker.sector,
        contact=speaker.contact_id,
        organisation=speaker.organisation_id,
    )


def trusted_with(reader: User) -> set[int]:
    """The keys of the confidential notes that `reader` may read."""
    return set(Writeup.objects.filter(confidential=True, trusted=reader).values_list("pk", flat=True))
