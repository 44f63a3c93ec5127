"""What became of statements, in their list."""

import pytest
from django.test import Client
from django.urls import reverse

from crm.accounts.roles import Role
from tests.factories import make_evidence, make_item, make_statement, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(client: Client) -> Client:
    client.force_login(make_user(Role.READER))
    return client


@pytest.fixture
def statements():
    adopted, partly, unused = (make_statement(words) for words in ("De hal.", "De bus.", "De brug."))
    make_evidence(adopted, make_item("1.1.1"), "adopted")
    make_evidence(partly, make_item("1.2.1"), "partly")
    make_evidence(partly, make_item("2.1.1"), "adopted")
    return adopted, partly, unused


def found(reader: Client, **asked) -> set[str]:
    return {one.passage for one in reader.get(reverse("statement_list"), asked).context["page"]}


def test_statements_are_found_by_what_became_of_them(reader, statements):
    assert found(reader, outcome="none") == {"De brug."}
    assert found(reader, outcome="adopted") == {"De hal.", "De bus."}
    assert found(reader, outcome="not adopted") == set()


def test_statements_are_found_by_a_part_with_all_under_it(reader, statements):
    assert found(reader, under=make_item("1").pk) == {"De hal.", "De bus."}
    assert found(reader, under=make_item("1.2").pk) == {"De bus."}
    assert found(reader, under=make_item("2.1.1").pk) == {"De bus."}


@pytest.mark.same_on_both
def test_list_tells_what_became_of_each_statement(reader, statements):
    rows = reader.get(reverse("statement_list")).context["rows"]
    said = {statement.passage: [remark.text for remark in remarks] for statement, _by, remarks in rows}
    assert said == {
        "De hal.": ["1.1.1 adopted"],
        "De bus.": ["1.2.1 partly adopted", "2.1.1 adopted"],
        "De brug.": ["not used yet"],
    }


def test_parts_stand_in_the_order_of_the_tree_where_ten_comes_after_nine(reader):
    statement = make_statement("De hal.")
    codes = ["2.1", "1.10", "1.2.10", "1.2.2", "1.9"]
    for code in codes:
        make_evidence(statement, make_item(code))
    page = reader.get(reverse("statement_list"))
    choices = page.context["form"].fields["under"].queryset
    tree = ["1", "1.2", "1.2.2", "1.2.10", "1.9", "1.10", "2", "2.1"]
    assert [item.code for item in choices] == tree
    _statement, _by, remarks = page.context["rows"][0]
    assert [one.text.split()[0] for one in remarks] == [code for code in tree if code in codes]
