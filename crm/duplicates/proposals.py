"""What is proposed as known twice: looked for in the background, kept until somebody judges it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.db.models import Max, Model
from django.utils import timezone

from crm.accounts.models import User
from crm.base import doorbell
from crm.contacts.models import Contact
from crm.duplicates.known import known_contacts, known_organisations
from crm.duplicates.merging import CannotMerge, merge
from crm.duplicates.models import DuplicatePair, Merge, Noun
from crm.duplicates.reasons import Reason
from crm.duplicates.services import find_duplicates
from crm.organisations.models import Organisation

MODELS: dict[str, Any] = {Noun.CONTACT: Contact, Noun.ORGANISATION: Organisation}
_KNOWN = {Noun.CONTACT: known_contacts, Noun.ORGANISATION: known_organisations}
TASK = "tasks.duplicates.look"
_LOOKED = "duplicates.looked"
_SHARED = {Reason.SAME_EMAIL, Reason.SAME_PHONE}
# Merged at once by one press of a button; each takes some tens of statements.
MOST_AT_ONCE = 200


def looked_at() -> datetime | None:
    """When everything was looked at last."""
    return cache.get(_LOOKED)


def ask_for_a_look() -> None:
    """Have a worker look now, whether or not anything changed since."""
    cache.delete(_LOOKED)
    doorbell.ring(TASK)


def look_if_changed() -> bool:
    """Look again if people or organisations changed since; whether it did."""
    before, now = looked_at(), timezone.now()
    changes = [model.objects.aggregate(latest=Max("updated_at"))["latest"] for model in MODELS.values()]
    if before is not None and not any(changed and changed >= before for changed in changes):
        return False
    look()
    cache.set(_LOOKED, now, timeout=None)
    return True


def look() -> None:
    """Compare everybody and renew the proposals; what somebody judged stays judged."""
    for noun, known in _KNOWN.items():
        rows = known()
        pairs = find_duplicates([record for _key, record in rows])
        found = [pair for pair in pairs if _is_worth_a_look(pair.reasons)]
        _renew(noun, [_pair(noun, rows[pair.a][0], rows[pair.b][0], pair) for pair in found])


def _is_worth_a_look(reasons: Sequence[Reason]) -> bool:
    """Among few people two of one organisation look alike; with other family names they must share more."""
    return Reason.DIFFERENT_FAMILY not in reasons or not _SHARED.isdisjoint(reasons)


def _pair(noun: str, a: int, b: int, found: Any) -> DuplicatePair:
    low, high = sorted([a, b])
    return DuplicatePair(
        noun=noun, a=low, b=high, score=found.score, reasons=found.reasons, automatic=found.automatic
    )


@transaction.atomic
def _renew(noun: str, pairs: Sequence[DuplicatePair]) -> None:
    known = DuplicatePair.objects.filter(noun=noun)
    known.filter(state=DuplicatePair.State.OPEN).delete()
    judged = set(known.values_list("a", "b"))
    new = [pair for pair in pairs if (pair.a, pair.b) not in judged]
    DuplicatePair.objects.bulk_create(new, batch_size=500, ignore_conflicts=True)


@transaction.atomic
def judge(*, pair: DuplicatePair, state: str) -> None:
    """Put a pair aside as not the same, or propose it again."""
    DuplicatePair.objects.filter(pk=pair.pk).update(state=state)


def merge_the_certain(*, noun: str, by: User) -> list[Merge]:
    """Merge what is beyond doubt, at most MOST_AT_ONCE; of each pair the older one is kept."""
    done = []
    sure = DuplicatePair.objects.filter(noun=noun, automatic=True, state=DuplicatePair.State.OPEN)
    for pair in list(sure[:MOST_AT_ONCE]):
        both = {row.pk: row for row in MODELS[noun].objects.filter(pk__in=[pair.a, pair.b])}
        if len(both) == 2:
            try:
                done.append(merge(kept=both[pair.a], gone=both[pair.b], by=by))
            except CannotMerge:
                continue  # somebody else merged it a moment ago
    return done


def open_pairs(row: Model) -> list[DuplicatePair]:
    """The proposals in which this contact or organisation is one of the two."""
    pairs = DuplicatePair.objects.filter(noun=row._meta.model_name, state=DuplicatePair.State.OPEN)
    return [*pairs.filter(a=row.pk), *pairs.filter(b=row.pk)]
