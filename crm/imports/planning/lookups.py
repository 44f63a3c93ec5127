"""Which rows of the database a piece of a file can be about: one statement per question, by keys."""

from collections.abc import Iterable

from django.db import connection

from crm.base.bulk_rows import keyed
from crm.organisations.models import Organisation, OrganisationAlias
from crm.organisations.names import organisation_key

_BY_ADDRESS = """
SELECT point.contact_id FROM {keys} CROSS JOIN crm_contactpoint AS point WHERE point.value = k.c0
AND (SELECT surname_key FROM crm_contact AS person WHERE person.id = point.contact_id) = k.c1
"""
_BY_PLACE = """
SELECT DISTINCT person.id FROM {keys}
CROSS JOIN crm_contact AS person CROSS JOIN crm_affiliation AS job
WHERE person.surname_key = k.c0 AND job.contact_id = person.id AND job.organisation_id = k.c1
AND job.ended_on IS NULL
"""
_WITHOUT_PLACE = """
SELECT DISTINCT person.id FROM {keys} CROSS JOIN crm_contact AS person
WHERE person.surname_key = k.c0 AND NOT EXISTS (
    SELECT 1 FROM crm_affiliation AS job WHERE job.contact_id = person.id AND job.ended_on IS NULL
) AND (k.c1 = 0 OR NOT EXISTS (SELECT 1 FROM crm_contactpoint AS point WHERE point.contact_id = person.id))
"""
_BY_CODE = """
SELECT DISTINCT person.id FROM {keys} CROSS JOIN crm_contact AS person
WHERE person.external_id = k.c0 AND person.external_id <> ''
"""
# The batch is asked for as a column: of a new one PostgreSQL has no statistics, and would read all its rows.
_BY_POSITION = """
SELECT planned.id FROM {keys} CROSS JOIN crm_importrow AS planned
WHERE planned.batch_id = k.c0 AND planned.position = k.c1
UNION SELECT planned.id FROM {keys} CROSS JOIN crm_importrow AS planned
WHERE planned.batch_id = k.c0 AND planned.repeats = k.c1
"""


def by_address(keys: Iterable[tuple[str, str]]) -> set[int]:
    """The contacts with an address and a surname, given as pairs: shared addresses alone are many."""
    return _numbers(_BY_ADDRESS, set(keys), ["text", "text"])


def by_place(keys: Iterable[tuple[str, int]]) -> set[int]:
    """The contacts with a surname who work at an organisation now."""
    return _numbers(_BY_PLACE, set(keys), ["text", "bigint"])


def without_place(keys: Iterable[tuple[str, bool]]) -> set[int]:
    """The contacts with a surname who work nowhere; for somebody with an address only those without any."""
    wanted = {(surname, int(reachable)) for surname, reachable in keys}
    return _numbers(_WITHOUT_PLACE, wanted, ["text", "int"])


def by_code(codes: Iterable[str]) -> set[int]:
    return _numbers(_BY_CODE, {(code,) for code in codes}, ["text"])


def rows_about(batch: int, positions: Iterable[int]) -> set[int]:
    """The rows of a plan at these positions, and those that repeat them."""
    return _numbers(_BY_POSITION, {(batch, position) for position in positions}, ["bigint", "int"], times=2)


def _numbers(sql: str, keys: Iterable[tuple[object, ...]], types: list[str], *, times: int = 1) -> set[int]:
    rows = sorted(keys)
    if not rows:
        return set()
    source, parameters = keyed(rows, types)
    with connection.cursor() as cursor:
        cursor.execute(sql.format(keys=source), parameters * times)
        return {number for (number,) in cursor.fetchall()}


class OrganisationKeys:
    """Which names are one organisation: by the database with its aliases, else by the key of the name.

    It asks once per key, for many names at a time.
    """

    def __init__(self) -> None:
        self._keys: dict[str, str] = {}
        self._numbers: dict[str, int | None] = {}

    def learn(self, names: Iterable[str]) -> None:
        """Ask about those of `names` that were not asked yet."""
        fresh = {name: organisation_key(name) for name in set(names) - self._keys.keys() if name}
        asked = list({key for key in fresh.values() if key not in self._numbers})
        found: dict[str, int] = {}
        for start in range(0, len(asked), 5000):
            found |= _organisations(asked[start : start + 5000])
        self._numbers |= {key: found.get(key) for key in asked}
        self._keys |= fresh

    def of(self, name: str) -> str:
        """ "#12" of one that is there, its key of one that is not, "" of none."""
        if not name:
            return ""
        number = self.number(name)
        return f"#{number}" if number else self._keys[name]

    def number(self, name: str) -> int | None:
        if name not in self._keys:
            self.learn([name])
        return self._numbers[self._keys[name]]

    def numbers(self) -> set[int]:
        """Of those that are there."""
        return {number for number in self._numbers.values() if number}

    def key(self, name: str) -> str:
        return self._keys[name]

    def add(self, name: str, number: int) -> None:
        """It was made just now."""
        self._numbers[self._keys[name]] = number

    def __len__(self) -> int:
        return len(self._keys)


def _organisations(keys: list[str]) -> dict[str, int]:
    """The oldest organisation that goes by each key; an own name goes before an alias."""
    aliases = OrganisationAlias.objects.filter(key__in=keys).order_by("-organisation")
    own = Organisation.objects.filter(key__in=keys).order_by("-pk")
    return {
        **dict(aliases.values_list("key", "organisation")),
        **dict(own.values_list("key", "pk")),
    }
