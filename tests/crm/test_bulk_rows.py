"""Writing many rows past the ORM: what is given arrives as it is."""

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import example, given
from hypothesis import strategies as st

from crm import bulk_rows
from crm.contacts.models import Contact, ContactPoint
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


def test_what_is_written_ahead_is_seen_by_a_question() -> None:
    contact = make_contact()
    points = contact.contact_points.exclude(value=contact.contact_points.get().value)
    with transaction.atomic(), bulk_rows.ahead():
        _insert_points(contact, "a@example.org", "b@example.org")
        assert points.count() == 2
        bulk_rows.update(ContactPoint, ("value",), [(points.get(value="b@example.org").pk, "c@example.org")])
    assert set(points.values_list("value", flat=True)) == {"a@example.org", "c@example.org"}


@pytest.mark.parametrize("asks", [True, False])
def test_error_of_what_is_written_ahead_takes_all_of_it_back(asks: bool) -> None:
    contact = make_contact()
    with pytest.raises(IntegrityError):
        _insert_twice(contact, asks=asks)
    assert contact.contact_points.count() == 1
    _insert_points(contact, "a@example.org")
    assert contact.contact_points.count() == 2


def _insert_twice(contact: Contact, *, asks: bool) -> None:
    with transaction.atomic(), bulk_rows.ahead():
        for _time in range(2):
            _insert_points(contact, "a@example.org")
        if asks:
            contact.contact_points.count()
        _insert_points(contact, "b@example.org")


def _insert_points(contact: Contact, *emails: str) -> None:
    rows = [(contact.pk, "email", email) for email in emails]
    bulk_rows.insert(ContactPoint, ("contact_id", "kind", "value"), rows, preferred=False)
