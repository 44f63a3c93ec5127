"""What is shown of who said a statement, to whom: one rule for every page, export, feed and search."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.accounts.roles import may
from crm.base.sectors import Sector
from engagement.statements.models import Speaker, Statement, StatementQuerySet, Visibility, Writeup

# What it takes to see names at all.
NAMES = "statements.names"


_SOMEBODY = {
    Sector.EDUCATION: _("somebody from education"),
    Sector.RESEARCH: _("a researcher"),
    Sector.ENTREPRENEURS: _("an entrepreneur"),
    Sector.GOVERNMENT: _("somebody from government"),
}


@dataclass(frozen=True)
class Attribution:
    """Who said it, as far as the reader may know: "" and None for what they may not.

    `contact` and `organisation` are keys of their pages. `limited` says that more is known than is shown.
    `approved` says that who said it agreed to these words, `quoted` that quotation marks may stand around
    them: they are what was said word for word, or approved.
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
    approved: bool = False
    quoted: bool = False

    @property
    def called(self) -> str:
        """Who said it in one line: "Gijs Leferink, Stroomkern", "Stroomkern" or "an entrepreneur"."""
        if self.name or self.organisation_name:
            return ", ".join(part for part in (self.name, self.organisation_name) if part)
        if self.sector:
            return str(_SOMEBODY[Sector(self.sector)])
        return gettext("somebody") if self.limited else gettext("speaker unknown")


def shown_to(statements: StatementQuerySet, reader: User | None) -> StatementQuerySet:
    """Those of which `reader` may see that they were said; see attribution() for by whom."""
    return statements if reader and may(reader, NAMES) else statements.releasable()


def attribution(statement: Statement, reader: User | None, *, trusted: Iterable[int] = ()) -> Attribution:
    """What `reader` may know of who said `statement`; None is everybody: how it may leave the core team.

    The team sees who it was, but for what was said in confidence: that only those know who were there
    (`trusted`, the keys of such notes, from trusted_with()). All others see what the speaker approved: their
    name, their organisation, or else the O. Without an approval nobody else sees more than the O.
    """
    approved = statement.is_approved
    quoted = approved or statement.is_literal
    speaker, writeup = statement.speaker, statement.writeup
    knows = reader is not None and may(reader, NAMES)
    if speaker is None:
        return Attribution(origin=statement.origin if knows else "", approved=approved, quoted=quoted)
    confided = writeup is not None and writeup.confidential and writeup.pk not in trusted
    if not knows or confided:
        return replace(_released(statement, speaker), approved=approved, quoted=quoted)
    organisation = speaker.organisation
    return Attribution(
        name=str(speaker),
        job_title=speaker.job_title,
        organisation_name=str(organisation or ""),
        sector=speaker.sector,
        contact=speaker.contact_id,
        organisation=speaker.organisation_id,
        approved=approved,
        quoted=quoted,
    )


def released(statement: Statement) -> Attribution:
    """Who said it, as it may leave the core team. Only for statements that are `releasable()`."""
    return attribution(statement, None)


@dataclass(frozen=True)
class Sees:
    """What a kind of reader sees of who said it; `by` is None of what they do not see at all."""

    reader: Promise | str
    by: Attribution | None


def who_sees(statement: Statement, member: User) -> list[Sees]:
    """What attribution() gives `member` of the core team, the steering group, and everybody outside."""
    outside = released(statement) if Statement.objects.releasable().filter(pk=statement.pk).exists() else None
    mine = attribution(statement, member, trusted=trusted_with(member))
    return [Sees(_("core team"), mine), Sees(_("steering group"), outside), Sees(_("outside"), outside)]


def _released(statement: Statement, speaker: Speaker) -> Attribution:
    return named_as(speaker, statement.allowed if statement.is_approved else Visibility.SECTOR)


def named_as(speaker: Speaker, allowed: str) -> Attribution:
    """What others read of a speaker who allowed this (a Visibility) of an approved statement."""
    organisation = str(speaker.organisation or "")
    if allowed == Visibility.NAMED:
        return Attribution(
            name=str(speaker),
            job_title=speaker.job_title,
            organisation_name=organisation,
            sector=speaker.sector,
        )
    if allowed == Visibility.ORGANISATION:
        return Attribution(organisation_name=organisation, sector=speaker.sector, limited=True)
    return Attribution(sector=speaker.sector, limited=True)


def trusted_with(reader: User) -> set[int]:
    """The keys of the confidential notes that `reader` may read."""
    return set(Writeup.objects.filter(confidential=True, trusted=reader).values_list("pk", flat=True))
