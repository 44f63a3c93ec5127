"""Facets: what other nouns know of a contact, kept so that every filter is one indexed query.

A noun registers how it counts, and tells what happened (crm/base/happenings.py) by kinds that touch HEARD.
Who writes past that runs `manage.py rebuild_facets`, which counts in the same way.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

from django.db import transaction

from crm.base.happenings import HEARD, Telling
from crm.contacts.models import Contact

BATCH = 500

# Given primary keys of contacts, each answers for those of whom it knows when they were heard last.
_HEARD: list[Callable[[Sequence[int]], Mapping[int, date]]] = []
# Given the same, each counts a facet of its own anew and answers of whom it differed.
_OTHERS: list[Callable[[Sequence[int]], set[int]]] = []


def count_heard(by: Callable[[Sequence[int]], Mapping[int, date]]) -> None:
    """`by` gives the last day on which each was heard."""
    _HEARD.append(by)


def count_also(by: Callable[[Sequence[int]], set[int]]) -> None:
    """`by` keeps a facet in a table of its own. The contacts are there, and locked."""
    _OTHERS.append(by)


def follow(telling: Telling) -> None:
    """Count anew for those whom a happening may have made heard."""
    keep_facets(telling.contacts_touched(HEARD))


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
    there = [person.pk for person in people]
    return len(_keep_days(people, there).union(*(count(there) for count in _OTHERS)))


def _keep_days(people: Iterable[Contact], numbers: Sequence[int]) -> set[int]:
    heard = [count(numbers) for count in _HEARD]
    changed = []
    for person in people:
        days = [person.told_heard_on, *(found.get(person.pk) for found in heard)]
        last_heard = max(filter(None, days), default=None)
        if person.last_heard_on != last_heard:
            person.last_heard_on = last_heard
            changed.append(person)
    Contact.objects.bulk_update(changed, ["last_heard_on"])
    return {person.pk for person in changed}
