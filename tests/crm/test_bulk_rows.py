"""Writing many rows past the ORM: what is given arrives as it is."""

import pytest
from django.db import connection
from hypothesis import example, given
from hypothesis import strategies as st

from crm import bulk_rows
from crm.contacts.models import Contact
from tests.factories import make_contact

pytestmark = pytest.mark.django_db
# PostgreSQL takes no NUL, and no encoding takes half a character.
_TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20)


@given(st.lists(st.tuples(_TEXT, st.integers(-(2**62), 2**62)), min_size=1, max_size=5))
@example([('"', 1), ("\\", 2), ('\\"{},', 3), ("NULL", 4), ("", 5), ("a\nb\tc", 6), ("é'%s", 7)])
def test_keys_arrive_as_they_are(rows: list[tuple[str, int]]) -> None:
    assert sorted(_joined(rows)) == sorted(rows)


def test_without_keys_there_is_nothing_to_join_with() -> None:
    assert _joined([]) == []


def _joined(rows: list[tuple[str, int]]) -> list[tuple[str, int]]:
    source, parameters = bulk_rows.keyed(rows, ["text", "bigint"])
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT c0, c1 FROM {source}", parameters)  # noqa: S608 -- of our own making
        return cursor.fetchall()


def test_reserved_numbers_are_given_to_nobody_else() -> None:
    before = make_contact().pk
    numbers = bulk_rows.reserve(Contact, 3)
    assert numbers == sorted(set(numbers))
    assert min(numbers) > before
    assert make_contact().pk not in numbers
    assert not set(bulk_rows.reserve(Contact, 2)) & set(numbers)
