"""Pages by key set: every row once, in order, both ways, with unknown values and ties."""

from datetime import date, timedelta
from itertools import pairwise
from random import Random

import pytest

from crm.base.paging import Page, in_order, key_set_page
from crm.contacts.models import Contact

pytestmark = pytest.mark.django_db

ORDERS = ["sort_key", "-sort_key", "last_heard_on", "-last_heard_on", "updated_at", "-updated_at"]
SIZE = 4


@pytest.fixture
def people() -> None:
    """Many share a name, a day or none, so that the order rests on the tie."""
    chance = Random(3)
    days = [None, *(date(2026, 1, 1) + timedelta(days=n) for n in range(3))]
    Contact.objects.bulk_create(
        Contact(family_name="x", sort_key=chance.choice("abc"), last_heard_on=chance.choice(days))
        for _ in range(23)
    )


def page(order: str, **place: int | None) -> Page[Contact]:
    return key_set_page(
        Contact.objects.all(),
        order=order,
        after=str(place.get("after", "")),
        before=str(place.get("before", "")),
        total=23,
        size=SIZE,
    )


@pytest.mark.parametrize("order", ORDERS)
def test_pages_forwards_and_back_are_the_same_and_complete(people, order):
    pages = [page(order)]
    while pages[-1].next:
        pages.append(page(order, after=pages[-1].next))
    rows = [row.pk for one in pages for row in one.rows]
    assert rows == [row.pk for row in in_order(Contact.objects.all(), order)]
    assert sorted(rows) == sorted(Contact.objects.values_list("pk", flat=True))
    assert [one.first for one in pages] == [1, 5, 9, 13, 17, 21]
    for earlier, later in pairwise(pages):
        assert page(order, before=later.previous).rows == earlier.rows


@pytest.mark.parametrize("field", ["sort_key", "last_heard_on", "updated_at"])
def test_other_way_round_is_exactly_the_reverse(people, field):
    upward = [row.pk for row in in_order(Contact.objects.all(), field)]
    assert [row.pk for row in in_order(Contact.objects.all(), f"-{field}")] == upward[::-1]


def test_never_comes_first_and_the_other_way_round_last(people):
    heard = [row.last_heard_on for row in in_order(Contact.objects.all(), "last_heard_on")]
    assert heard[0] is None
    assert heard[-1] is not None


def test_row_that_went_meanwhile_gives_the_first_page(people):
    assert page("last_heard_on", after=10**9).rows == page("last_heard_on").rows
