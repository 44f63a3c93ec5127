"""From a part of the strategy down to the sentences that it rests on and who carries it, O by O."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from crm.base.sectors import Sector
from engagement.evidence.coverage import Coverage, carried_by, coverage, organisation_of, sectors_of
from engagement.evidence.models import Evidence
from engagement.statements.attribution import Attribution, released
from engagement.statements.models import Statement, StatementCode
from engagement.strategy.models import StrategyItem
from engagement.strategy.tree import Branch, whole

# Of one O at first sight, and of what might fit as well.
MOST_SHOWN, MOST_FITTING = 3, 4
Outcome = Evidence.Outcome
_NOTHING = {
    Sector.EDUCATION: _("Nothing here comes from education yet."),
    Sector.RESEARCH: _("Nothing here comes from research yet."),
    Sector.ENTREPRENEURS: _("Nothing here comes from an entrepreneur yet."),
    Sector.GOVERNMENT: _("Nothing here comes from government yet."),
}
_MISSING = {
    Sector.EDUCATION: _("No education"),
    Sector.RESEARCH: _("No research"),
    Sector.ENTREPRENEURS: _("No entrepreneurs"),
    Sector.GOVERNMENT: _("No government"),
}


@dataclass(frozen=True)
class Sentence:
    """`by` is who said it as it may leave the core team, whoever reads."""

    evidence: Evidence
    by: Attribution

    @property
    def statement(self) -> Statement:
        return self.evidence.statement


@dataclass(frozen=True)
class Knot:
    """What one O said of it; `sector` is None of those whose O nobody knows. `organisations` counts who said
    it, also those who said something that was not adopted.
    """

    sector: Sector | None
    sentences: Sequence[Sentence]
    organisations: int

    @property
    def in_words(self) -> str:
        return carried_by(len({one.statement.pk for one in self.sentences}), self.organisations)

    @property
    def nothing(self) -> str:
        """That this O said nothing here, in a sentence."""
        return str(_NOTHING[self.sector]) if self.sector and not self.sentences else ""

    @property
    def missing(self) -> str:
        """The same in two words."""
        return str(_MISSING[self.sector]) if self.sector and not self.sentences else ""

    @property
    def first(self) -> Sequence[Sentence]:
        return self.sentences[:MOST_SHOWN]

    @property
    def rest(self) -> Sequence[Sentence]:
        return self.sentences[MOST_SHOWN:]


@dataclass(frozen=True)
class Fitting:
    """A statement that lands nowhere and has the `code` of one that is here."""

    statement: Statement
    by: Attribution
    code: str


@dataclass(frozen=True)
class ItemThread:
    """`outcomes` counts the links by their outcome; `kept` those of statements that stay in the core team."""

    branch: Branch
    coverage: Coverage
    knots: Sequence[Knot]
    outcomes: Counter[str]
    aspects: Counter[str]
    kept: int
    fitting: Sequence[Fitting]

    @property
    def silent(self) -> list[Knot]:
        """The O's that said nothing here, as long as any did and all outcomes are shown."""
        if not self.outcomes or sum(len(knot.sentences) for knot in self.knots) < self.outcomes.total():
            return []
        return [knot for knot in self.knots if not knot.sentences]


def thread_of(item: StrategyItem, *, outcome: str = "") -> ItemThread:
    """The thread of `item` and all under it; its knots hold the links with `outcome`, "" for all of them."""
    branches = [branch for pillar in whole() for branch in pillar.walk()]
    branch = next(one for one in branches if one.item.pk == item.pk)
    keys = [one.item.pk for one in branch.walk()]
    sentences = _sentences(keys)
    shown = [one for one in sentences if outcome in ("", one.evidence.outcome)]
    aspects = {one.statement.pk: one.statement.aspect for one in sentences}
    return ItemThread(
        branch=branch,
        coverage=coverage([one.item for one in branches])[item.pk],
        knots=_knots(shown),
        outcomes=Counter(one.evidence.outcome for one in sentences),
        aspects=Counter(filter(None, aspects.values())),
        kept=Evidence.objects.filter(item__in=keys).count() - len(sentences),
        fitting=_fitting([one.statement.pk for one in sentences]),
    )


def _knots(sentences: Sequence[Sentence]) -> list[Knot]:
    """An O keeps its place when it said nothing."""
    nobodys = _knot(None, sentences)
    return [*(_knot(sector, sentences) for sector in Sector), *([nobodys] if nobodys.sentences else [])]


def _sentences(keys: Sequence[int]) -> list[Sentence]:
    """Those that carry it first, then the order in which they were linked."""
    rows = (
        Evidence.objects.shown()
        .filter(item__in=keys)
        .select_related("item", "statement__latest_response", "statement__writeup")
    )
    rows = rows.select_related("statement__speaker__contact", "statement__speaker__organisation")
    rows = rows.prefetch_related("statement__speaker__organisation__sectors").order_by("linked_at", "pk")
    order = [*Outcome.values]
    return sorted(
        (Sentence(one, released(one.statement)) for one in rows),
        key=lambda one: order.index(one.evidence.outcome),
    )


def _knot(sector: Sector | None, sentences: Sequence[Sentence]) -> Knot:
    said = [
        one
        for one in sentences
        if (sector in sectors_of(one.statement) if sector else not sectors_of(one.statement))
    ]
    return Knot(sector, said, len({organisation_of(one.statement) for one in said}))


def _fitting(here: Sequence[int]) -> list[Fitting]:
    """What lands nowhere yet and has a code of these statements, the newest first."""
    codes = StatementCode.objects.filter(statement__in=here).order_by().values("code")
    rows = Statement.objects.releasable().filter(evidence=None, coded__code__in=codes).distinct()
    rows = rows.select_related("speaker__contact", "speaker__organisation", "writeup", "latest_response")
    found = list(rows.order_by("-created_at", "-pk")[:MOST_FITTING])
    said = StatementCode.objects.filter(statement__in=found, code__in=codes).select_related("code")
    names = {one.statement_id: one.code.name for one in said}
    return [Fitting(one, released(one), names[one.pk]) for one in found]
