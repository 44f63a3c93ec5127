"""What is proposed as known twice: looked for in the background, kept until somebody judges it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.db.models import Count, Max, Model
from django.utils import timezone

from crm.accounts.models import User
from crm.base import doorbell
from crm.base.happenings import FOUND_BY, Telling
from crm.contacts.models import Contact
from crm.duplicates.known import known_contacts, known_organisations
from crm.duplicates.lookalikes import lookalikes
from crm.duplicates.merging import CannotMerge, merge
from crm.duplicates.models import DuplicatePair, Merge, Noun
from crm.duplicates.reasons import Reason
from crm.duplicates.services import find_duplicates
from crm.imports.models import ImportBatch
from crm.organisations.models import Organisation

MODELS: dict[str, Any] = {Noun.CONTACT: Contact, Noun.ORGANISATION: Organisation}
_KNOWN = {Noun.CONTACT: known_contacts, Noun.ORGANISATION: known_organisations}
TASK = "tasks.duplicates.look"
_LOOKED = "duplicates.looked"
_SHARED = {Reason.SAME_EMAIL, Reason.SAME_PHONE}
# So many people are compared with everybody at once, in a few statements each; more are left to a worker.
_FEW = 10
# Of one who shares an address and the family name; the look at everybody says it more exactly.
_LIKELY = 0.9
_WRITING = [ImportBatch.State.QUEUED, ImportBatch.State.APPLYING, ImportBatch.State.UNDOING]
# Merged at once by one press of a button; each takes some tens of statements.
MOST_AT_ONCE = 200


def looked_at() -> datetime | None:
    """When everything was looked at last."""
    looked = cache.get(_LOOKED)
    return looked["at"] if looked else None


def ask_for_a_look() -> None:
    """Have a worker look now, whether or not anything changed since."""
    cache.delete(_LOOKED)
    doorbell.ring(TASK)


def look_if_changed() -> bool:
    """Look again if people or organisations changed since; whether it did.

    How many there are tells of those that were being written during the last look, and are older than it.
    While an import writes it is too early: the end of that asks for a look.
    """
    if ImportBatch.objects.filter(state__in=_WRITING).exists():
        return False
    looked, now = cache.get(_LOOKED), timezone.now()
    state = {
        noun: model.objects.aggregate(number=Count("pk"), latest=Max("updated_at"))
        for noun, model in MODELS.items()
    }
    if looked and looked["of"] == state:
        return False
    look()
    cache.set(_LOOKED, {"at": now, "of": state}, timeout=None)
    return True


def follow(telling: Telling) -> None:
    """Whoever is new or is found by other words is compared right away: a few here, many by a worker."""
    found = telling.contacts_touched(FOUND_BY) | {one.pk for one in telling.newcomers}
    if len(found) > _FEW:
        doorbell.ring(TASK)
        return
    for contact in Contact.objects.filter(pk__in=found).prefetch_related("contact_points"):
        _look_at(contact)


def _look_at(contact: Contact) -> None:
    """Propose those of the same family name who share an address or a number with `contact`."""
    values = [point.value for point in contact.contact_points.all()]
    alike = [one for one in lookalikes(contact, values, besides=contact.pk) if one.is_likely]
    pairs = [_likely(contact.pk, one.contact.pk, one.reasons) for one in alike]
    DuplicatePair.objects.bulk_create(pairs, ignore_conflicts=True)


def _likely(one: int, other: int, reasons: Sequence[Reason]) -> DuplicatePair:
    a, b = sorted([one, other])
    return DuplicatePair(noun=Noun.CONTACT, a=a, b=b, score=_LIKELY, reasons=list(reasons))


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
