"""Why two records are taken for the same, in words, and when nobody needs to be asked.

The words are English and marked for translation: they are kept, and whoever reads them has a language.
"""

from collections.abc import Iterator
from math import log2

from django.utils.translation import gettext_noop as _

from crm.duplicates.records import Comparable
from crm.duplicates.scoring import Scorer, name_similarity

# Agreement on a value is called rare from here, in a list that is long enough to know.
_RARE_BELOW = 0.001
_KNOWS_RARE = 500


def reasons_for(scorer: Scorer, a: Comparable, b: Comparable) -> list[str]:
    """What speaks for it, then what speaks against it. Never empty."""
    found = [*_of_names(scorer, a, b), *_of_contact(scorer, a, b), *_of_place(scorer, a, b)]
    speaking = [text for bits, text in found if bits > 0]
    doubtful = [text for bits, text in found if bits <= 0]
    return (speaking or [_("another record links them")]) + doubtful


def is_beyond_doubt(a: Comparable, b: Comparable) -> bool:
    """Whether the names agree outright and something else that is exact does too.

    Initials, names the other way round and a different given name are for a person to judge.
    """
    if a.is_person != b.is_person:
        return False
    reached = bool(set(a.emails) & set(b.emails) or set(a.phones) & set(b.phones))
    housed = bool(a.address) and a.address == b.address
    if not a.is_person:
        return a.organisation == b.organisation and bool(a.organisation) and (reached or housed)
    names = [(a.given, b.given), (a.family, b.family)]
    return (reached or housed) and all(one and other and _alike(one, other) for one, other in names)


def _alike(one: str, other: str) -> bool:
    return one == other or name_similarity(one, other) >= 0.92 and min(len(one), len(other)) >= 4


def _of_names(scorer: Scorer, a: Comparable, b: Comparable) -> Iterator[tuple[float, str]]:
    given, family = scorer.given(a, b), scorer.name("family", a.family, b.family)
    if given + family < scorer.names(a, b):
        yield scorer.swapped_names(a, b), _("given and family name the other way round")
        return
    if a.family and b.family:
        yield family, _family_words(scorer, a.family, b.family, family)
    if a.given and b.given:
        yield given, _given_words(a.given, b.given, given)
    elif a.initials and b.initials:
        yield given, _("initials that agree") if given > 0 else _("different initials")


def _family_words(scorer: Scorer, one: str, other: str, bits: float) -> str:
    if bits <= 0:
        return _("different family names")
    rare = scorer.size >= _KNOWS_RARE and scorer.weights["family"][one] >= -log2(_RARE_BELOW)
    if one == other and rare:
        return _("the same rare family name")
    return _("the same family name") if one == other else _("nearly the same family name")


def _given_words(one: str, other: str, bits: float) -> str:
    if bits <= 0:
        return _("different given names")
    return _("the same given name") if one == other else _("nearly the same given name")


def _of_contact(scorer: Scorer, a: Comparable, b: Comparable) -> Iterator[tuple[float, str]]:
    email, phone = scorer.email(a, b), scorer.phone(a, b)
    if set(a.emails) & set(b.emails):
        yield email, _("the same e-mail address")
    elif email > 0:
        yield email, _("nearly the same e-mail address")
    elif email < 0:
        yield email, _("different e-mail addresses")
    if phone > 0:
        yield phone, _("the same telephone number")


def _of_place(scorer: Scorer, a: Comparable, b: Comparable) -> Iterator[tuple[float, str]]:
    where = scorer.where(a, b)
    if a.address and a.address == b.address:
        yield where, _("the same address")
    elif where > 8.0:
        yield where, _("nearly the same address")
    elif a.city and a.city == b.city:
        yield 0.1, _("the same town")
    elif where < 0:
        yield where, _("different addresses")
    if a.organisation and b.organisation:
        bits = scorer.organisation(a, b)
        same = a.organisation == b.organisation
        if bits > 0:
            yield bits, _("the same organisation") if same else _("nearly the same organisation")
