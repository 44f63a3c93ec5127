"""Cells that name several people with an address each."""

import pytest

from crm.contacts.models import Contact
from crm.imports import background, services
from crm.imports.models import ImportRow
from tests.crm.imports.plans import make_plan
from tests.factories import make_user

pytestmark = pytest.mark.django_db
Action = ImportRow.Action


def _planned(names: str, mails: str) -> list[tuple[str, str, str]]:
    plan = make_plan(f"Naam;E-mail\n{names};{mails}\n".encode(), "lijst.csv")
    return [(row.action, row.values["family_name"], row.values["email"]) for row in plan.rows]


def test_two_people_with_an_address_each_are_two_rows_and_it_is_said() -> None:
    plan = make_plan(b"Naam;E-mail\nJan Bos en Els Vos;jan@example.org, els@example.org\n", "lijst.csv")
    assert [(row.number, row.values["family_name"]) for row in plan.rows] == [(2, "Bos"), (2, "Vos")]
    told = [[one.code for one in row.reason] for row in plan.rows]
    assert told == [["row.one_of_several"], ["row.one_of_several"]]


@pytest.mark.parametrize("mails", ["els@example.org, jan@example.org", "info@example.org, post@example.org"])
def test_people_whose_address_is_unclear_are_asked_about(mails: str) -> None:
    found = _planned("Jan Bos / Els Vos", mails)
    assert [action for action, _family, _email in found] == [Action.DUPLICATE]


def test_both_of_two_people_are_added_and_a_second_import_changes_nothing() -> None:
    text = "Naam;E-mail\nJan Bos en Els Vos;jan@example.org, els@example.org\n"
    plan = make_plan(text.encode(), "lijst.csv")
    background.apply_now(batch=services.store(plan=plan, by=make_user()))
    assert sorted(Contact.objects.values_list("family_name", flat=True)) == ["Bos", "Vos"]
    assert {row.action for row in make_plan(text.encode(), "lijst.csv").rows} == {Action.SAME}
