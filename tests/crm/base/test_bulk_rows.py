"""Writing many rows past the ORM: what is given arrives as it is."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from hypothesis import example, given
from hypothesis import strategies as st

from crm.base import bulk_rows
from crm.contacts.models import Contact, ContactPoint
from crm.imports.models import ImportBatch
from tests.factories import make_contact

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 29, 12, tzinfo=UTC)
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


@given(st.lists(st.tuples(_TEXT, _TEXT, st.none() | st.dates().map(str)), min_size=1, max_size=5))
@example(
    [("\\", "\\N", None), ("a\tb", "a\r\nb", "2026-02-28"), ("\\n", "\x7f\x01\u2028", None), ("", ".", None)]
)
def test_rows_arrive_as_they_are(rows: list[tuple[str, str, str | None]]) -> None:
    columns = ("titles_before", "titles_after", "last_heard_on")
    numbers = bulk_rows.reserve(Contact, len(rows))
    numbered = [(number, *row) for number, row in zip(numbers, rows, strict=True)]
    bulk_rows.insert(Contact, ("id", *columns), numbered, family_name="Bos")
    found = Contact.objects.filter(pk__in=numbers).order_by("pk").values_list(*columns)
    assert [(*titles, day and day.isoformat()) for *titles, day in found] == rows


def test_what_all_have_and_what_nobody_says() -> None:
    bulk_rows.insert(ImportBatch, ("file_name",), [("a.csv",), ("b.csv",)], kind="contacts", planned_at=NOON)
    for name in ("a.csv", "b.csv"):
        batch, plain = ImportBatch.objects.get(file_name=name), ImportBatch(file_name=name)
        assert (batch.kind, batch.planned_at) == ("contacts", NOON)
        same = ("state", "columns", "all_sheets", "claimed_until", "planned_to", "layout_id")
        assert [getattr(batch, one) for one in same] == [getattr(plain, one) for one in same]
        assert abs(batch.created_at - timezone.now()) < timedelta(minutes=10)


def test_several_answers_are_those_that_each_question_gives() -> None:
    contact = make_contact(email="jan@example.org")
    points = contact.contact_points.order_by("value").values_list("kind", "value", "preferred")
    people = Contact.objects.filter(pk=contact.pk).values_list("family_name", "last_heard_on")
    nobody = Contact.objects.filter(family_name="X").values_list("pk")
    with transaction.atomic(), bulk_rows.ahead():
        _insert_points(contact, "a@example.org")
        answers = [list(rows) for rows in bulk_rows.answers([points, nobody, people])]
    assert answers == [list(points), [], list(people)]
    assert [value for _kind, value, _preferred in answers[0]] == ["a@example.org", "jan@example.org"]


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
