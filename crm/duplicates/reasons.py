"""Why two records are taken for the same, and when nobody needs to be asked."""

from collections.abc import Iterable, Iterator
from math import log2

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.duplicates.records import Comparable
from crm.duplicates.scoring import Scorer, name_similarity

# Agreement on a value is called rare from here, in a list that is long enough to know.
_RARE_BELOW = 0.001
_KNOWS_RARE = 500


class Reason(models.TextChoices):
    LINKED = "linked", _("another record links them")
    SWAPPED_NAMES = "swapped_names", _("given and family name the other way round")
    AGREEING_INITIALS = "agreeing_initials", _("initials that agree")
    DIFFERENT_INITIALS = "different_initials", _("different initials")
    DIFFERENT_FAMILY = "different_family", _("different family names")
    SAME_RARE_FAMILY = "same_rare_family", _("the same rare family name")
    SAME_FAMILY = "same_family", _("the same family name")
    NEAR_FAMILY = "near_family", _("nearly the same family name")
    DIFFERENT_GIVEN = "different_given", _("different given names")
    SAME_GIVEN = "same_given", _("the same given name")
    NEAR_GIVEN = "near_given", _("nearly the same given name")
    SAME_EMAIL = "same_email", _("the same e-mail address")
    NEAR_EMAIL = "near_email", _("nearly the same e-mail address")
    DIFFERENT_EMAIL = "different_email", _("different e-mail addresses")
    SAME_PHONE = "same_phone", _("the same telephone number")
    SAME_ADDRESS = "same_address", _("the same address")
    NEAR_ADDRESS = "near_address", _("nearly the same address")
    SAME_TOWN = "same_town", _("the same town")
    DIFFERENT_ADDRESS = "different_address", _("different addresses")
    SAME_ORGANISATION = "same_organisation", _("the same organisation")
    NEAR_ORGANISATION = "near_organisation", _("nearly the same organisation")


def in_words(reasons: Iterable[str]) -> list[str]:
    """In the active language; what an older version kept is shown as it is."""
    return [str(Reason(one).label) if one in Reason.values else one for one in reasons]


def reasons_for(scorer: Scorer, a: Comparable, b: Comparable) -> list[Reason]:
    """What speaks for it, then what speaks against it. Never empty."""
    found = [*_of_names(scorer, a, b), *_of_contact(scorer, a, b), *_of_place(scorer, a, b)]
    speaking = [reason for bits, reason in found if bits > 0]
    doubtful = [reason for bits, reason in found if bits <= 0]
    return (speaking or [Reason.LINKED]) + doubtful


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


def _of_names(scorer: Scorer, a: Comparable, b: Comparable) -> Iterator[tuple[float, Reason]]:
    given, family = scorer.given(a, b), scorer.name("family", a.family, b.family)
    if given + family < scorer.names(a, b):
        yield scorer.swapped_names(a, b), Reason.SWAPPED_NAMES
        return
    if a.family and b.family:
        yield family, _of_family(scorer, a.family, b.family, family)
    if a.given and b.given:
        yield given, _of_given(a.given, b.given, given)
    elif a.initials and b.initials:
        yield given, Reason.AGREEING_INITIALS if given > 0 else Reason.DIFFERENT_INITIALS


def _of_family(scorer: Scorer, one: str, other: str, bits: float) -> Reason:
    if bits <= 0:
        return Reason.DIFFERENT_FAMILY
    rare = scorer.size >= _KNOWS_RARE and scorer.weights["family"][one] >= -log2(_RARE_BELOW)
    if one == other and rare:
        return Reason.SAME_RARE_FAMILY
    return Reason.SAME_FAMILY if one == other else Reason.NEAR_FAMILY


def _of_given(one: str, other: str, bits: float) -> Reason:
    if bits <= 0:
        return Reason.DIFFERENT_GIVEN
    return Reason.SAME_GIVEN if one == other else Reason.NEAR_GIVEN


def _of_contact(scorer: Scorer, a: Comparable, b: Comparable) -> Iterator[tuple[float, Reason]]:
    email, phone = scorer.email(a, b), scorer.phone(a, b)
    if set(a.emails) & set(b.emails):
        yield email, Reason.SAME_EMAIL
    elif email > 0:
        yield email, Reason.NEAR_EMAIL
    elif email < 0:
        yield email, Reason.DIFFERENT_EMAIL
    if phone > 0:
        yield phone, Reason.SAME_PHONE


def _of_place(scorer: Scorer, a: Comparable, b: Comparable) -> Iterator[tuple[float, Reason]]:
    where = scorer.where(a, b)
    if a.address and a.address == b.address:
        yield where, Reason.SAME_ADDRESS
    elif where > 8.0:
        yield where, Reason.NEAR_ADDRESS
    elif a.city and a.city == b.city:
        yield 0.1, Reason.SAME_TOWN
    elif where < 0:
        yield where, Reason.DIFFERENT_ADDRESS
    if a.organisation and b.organisation:
        bits = scorer.organisation(a, b)
        same = a.organisation == b.organisation
        if bits > 0:
            yield bits, Reason.SAME_ORGANISATION if same else Reason.NEAR_ORGANISATION
