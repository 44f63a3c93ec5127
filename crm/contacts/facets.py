"""Facets: what other nouns know of a contact, kept on it so that every filter is one indexed query.

A noun registers how it counts, and its services call `keep_facets()` in their own transaction. Who writes
past them runs `manage.py rebuild_facets`, which counts in the same way.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.functional import Promise

from crm.contacts.models import AttendedKind, Contact

BATCH = 500

# Each is given primary keys of contacts, and answers for those of which it knows something.
_HEARD: list[Callable[[Sequence[int]], Mapping[int, date]]] = []
_INVITED: list[Callable[[Sequence[int]], Mapping[int, datetime]]] = []
_ATTENDED: list[Callable[[Sequence[int]], Collection[tuple[int, str]]]] = []
# What can be attended: the code of a kind and its word.
ATTENDED_KINDS: dict[str, Promise | str] = {}


def count_heard(by: Callable[[Sequence[int]], Mapping[int, date]]) -> None:
    """`by` gives the last day on which each was heard."""
    _HEARD.append(by)


def count_invited(by: Callable[[Sequence[int]], Mapping[int, datetime]]) -> None:
    """`by` gives the last moment at which an invitation went to each."""
    _INVITED.append(by)


def count_attended(
    by: Callable[[Sequence[int]], Collection[tuple[int, str]]], kinds: Mapping[str, Promise | str]
) -> None:
    """`by` gives pairs of a contact and a kind of event, one of `kinds`, each once."""
    _ATTENDED.append(by)
    ATTENDED_KINDS.update(kinds)


def keep_facets(contacts: Iterable[int]) -> int:
    """Count anew what is kept of these contacts; how many differed from it."""
    numbers = sorted(set(contacts))
    return sum(_keep(numbers[start : start + BATCH]) for start in range(0, len(numbers), BATCH))


def rebuild_facets() -> int:
    """Count anew for everybody; how many differed."""
    return keep_facets(Contact.objects.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def _keep(numbers: Sequence[int]) -> int:
    # In order and locked first: two services that count for the same people take turns.
    people = list(Contact.objects.select_for_update().filter(pk__in=numbers).order_by("pk"))
    return len(_keep_days(people, numbers) | _keep_attended(people, numbers))


def _keep_days(people: Iterable[Contact], numbers: Sequence[int]) -> set[int]:
    heard = [count(numbers) for count in _HEARD]
    invited = [count(numbers) for count in _INVITED]
    changed = []
    for person in people:
        days = [person.told_heard_on, *(found.get(person.pk) for found in heard)]
        last_heard = max(filter(None, days), default=None)
        moments = [found.get(person.pk) for found in invited]
        last_invited = max(filter(None, moments), default=None)
        if (person.last_heard_on, person.last_invited_at) != (last_heard, last_invited):
            person.last_heard_on, person.last_invited_at = last_heard, last_invited
            changed.append(person)
    Contact.objects.bulk_update(changed, ["last_heard_on", "last_invited_at"])
    return {person.pk for person in changed}


def _keep_attended(people: Iterable[Contact], numbers: Sequence[int]) -> set[int]:
    there = {person.pk for person in people}
    wanted = {pair for count in _ATTENDED for pair in count(numbers) if pair[0] in there}
    rows = AttendedKind.objects.filter(contact__in=numbers)
    kept = {(row.contact_id, row.kind): row.pk for row in rows}
    gone = kept.keys() - wanted
    AttendedKind.objects.filter(pk__in=[kept[pair] for pair in gone]).delete()
    new = sorted(wanted - kept.keys())
    AttendedKind.objects.bulk_create([AttendedKind(contact_id=pk, kind=kind) for pk, kind in new])
    return {pk for pk, _kind in [*gone, *new]}
