"""What the pages about duplicates show: pairs with their two sides, and the sides beside each other."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from crm.base.parts import parts_of, whole_of, words_of
from crm.contacts.happenings import field_word
from crm.contacts.models import Contact
from crm.contacts.reach import shown_points
from crm.duplicates.models import DuplicatePair, Noun
from crm.duplicates.proposals import MODELS
from crm.duplicates.reasons import in_words
from crm.organisations.models import Organisation

MOST_SHOWN = 50


@dataclass(frozen=True)
class Proposal:
    pair: DuplicatePair
    a: Any
    b: Any
    reasons: list[str]


@dataclass(frozen=True)
class FieldChoice:
    """One field of both; `take_gone` when only the other one knows it."""

    name: str
    word: str
    kept: str
    gone: str

    @property
    def differs(self) -> bool:
        return self.kept != self.gone

    @property
    def take_gone(self) -> bool:
        return not self.kept and bool(self.gone)


def with_everything(noun: str) -> Any:
    """People or organisations with what the pages show of them."""
    if noun == Noun.CONTACT:
        return Contact.objects.for_list()
    return Organisation.objects.select_related("parent").prefetch_related("sectors", "aliases")


def proposals(pairs: Iterable[DuplicatePair], noun: str) -> list[Proposal]:
    """Those whose both sides are still there."""
    chosen = list(pairs)
    keys = {key for pair in chosen for key in (pair.a, pair.b)}
    rows = {row.pk: row for row in with_everything(noun).filter(pk__in=keys)}
    return [
        Proposal(pair, rows[pair.a], rows[pair.b], in_words(pair.reasons))
        for pair in chosen
        if pair.a in rows and pair.b in rows
    ]


def choices(kept: Any, gone: Any) -> list[FieldChoice]:
    """Every field of which either knows something, the ones that differ first."""
    found = [
        FieldChoice(name, str(field_word(name)), _value(kept, name), _value(gone, name))
        for name in whole_of(type(kept)).fields
    ]
    return sorted((one for one in found if one.kept or one.gone), key=lambda one: not one.differs)


def _value(row: Any, name: str) -> str:
    display = getattr(row, f"get_{name}_display", None)
    return str(display()) if display and getattr(row, name) else str(getattr(row, name))


def facts(row: Any) -> list[tuple[str, list[str]]]:
    """What will be together afterwards, per side: (what, values)."""
    if isinstance(row, Contact):
        reach = [f"{value}" for _point, value in shown_points(row)]
        functions = [str(affiliation) for affiliation in row.affiliations.select_related("organisation")]
        themes = [str(theme) for theme in row.themes.all()]
        return [(_("reachable"), reach), (_("functions"), functions), (_("themes"), themes)]
    address = ", ".join(row.address_lines())
    aliases = [alias.name for alias in row.aliases.all()]
    return [(_("address"), [address] if address else []), (_("other names"), aliases)]


def attached(row: Model) -> list[tuple[str, int]]:
    """How much of what others see points at `row`, most first; what has a history stands above in words."""
    counts: Counter[str] = Counter()
    for part in parts_of(type(row)):
        if not (part.history or part.derived or part.quiet or part.is_soft):
            counts[words_of(part.model)] += part.rows([row.pk]).count()
    return [one for one in counts.most_common() if one[1]]


def noun_of(text: str) -> str:
    return text if text in MODELS else Noun.CONTACT.value
