"""The pages on which parts of the strategy are made, changed and ordered."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from crm.accounts.roles import Role
from engagement.strategy.models import StrategyItem
from engagement.strategy.tree import in_order
from tests.factories import (
    make_contact,
    make_evidence,
    make_item,
    make_organisation,
    make_statement,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(client: Client) -> Client:
    client.force_login(make_user(Role.CORE_TEAM))
    return client


def typed(**changes):
    known = {"title_nl": "Labs open", "title_en": "Labs open", "state": "running", "progress": "40"}
    return {**known, "text_nl": "Twee avonden.", "text_en": "Two nights.", "aspect": "both", **changes}


def test_part_is_made_under_another_one_and_read_in_both_languages(member):
    goal, owner = make_item("1.1"), make_organisation("Saxion")
    data = typed(parent=goal.pk, owner=owner.pk, starts_on="2026-09-01", ends_on="2028-07-01")
    page = member.post(f"{reverse('strategy_new')}?under={goal.pk}", data)
    item = StrategyItem.objects.get(kind="measure")
    assert page["Location"] == item.get_absolute_url()
    assert (item.code, item.parent, item.owner, item.state) == ("1.1.1", goal, owner, "running")
    assert "Two nights." in member.get(item.get_absolute_url()).content.decode()
    assert member.get(f"{reverse('strategy_new')}?under={item.pk}").status_code == 404


@pytest.mark.same_on_both
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title_nl": ""}, "title_nl"),
        ({"parent": ""}, "parent"),
        ({"progress": "101"}, "progress"),
        ({"starts_on": "2027-01-02", "ends_on": "2027-01-01"}, "ends_on"),
        ({"owner": "9" * 30}, "owner"),
    ],
)
def test_wrong_input_is_explained_beside_the_field_and_kept(member, changes, field):
    item = make_item("1.1.1")
    data = typed(**{"parent": item.parent_id, "text_nl": "Wat ik typte.", **changes})
    page = member.post(reverse("strategy_edit", args=[item.pk]), data)
    assert list(page.context["form"].errors) == [field]
    assert "Wat ik typte." in page.content.decode()


def test_second_one_who_saves_is_told_what_changed_meanwhile(member):
    item = make_item("1.1.1")
    path = reverse("strategy_edit", args=[item.pk])
    stamp = member.get(path).context["form"].stamp_input.split('value="')[1].split('"')[0]
    member.post(path, typed(parent=item.parent_id, title_nl="Van een ander", stamp=stamp))
    page = member.post(path, typed(parent=item.parent_id, title_nl="Van mij", stamp=stamp))
    assert "Van een ander" in page.context["form"].non_field_errors()[0]
    item.refresh_from_db()
    assert (item.title_nl, item.version) == ("Van een ander", 2)


def test_contact_is_found_and_what_was_typed_stays(member):
    item, person = make_item("1.1.1"), make_contact(family_name="Horst", infix="ter")
    path = reverse("strategy_edit", args=[item.pk])
    page = member.post(path, typed(parent=item.parent_id, title_nl="Getypt", search="1", find="horst"))
    assert f'value="{person.pk}"' in page.content.decode()
    assert "Getypt" in page.content.decode()
    member.post(path, typed(parent=item.parent_id, owner_contact=person.pk))
    item.refresh_from_db()
    assert item.owner_contact == person


def test_versions_count_the_texts_and_tell_what_else_changed(member):
    item = make_item("1.1.1", title="Labs")
    path = reverse("strategy_edit", args=[item.pk])
    for changes in ({"state": "adopted"}, {"state": "adopted", "text_nl": "Drie avonden."}):
        member.post(path, typed(parent=item.parent_id, title_nl="Labs", progress="0", **changes))
    shown = member.get(reverse("strategy_versions", args=[item.pk])).context["versions"]
    assert [(one.number, one.is_text) for one in shown] == [(3, True), (2, True), (1, True)]
    assert shown[0].changes == [("text in Dutch", "Twee avonden.", "Drie avonden.")]
    assert ("state", "proposed", "adopted") in shown[1].changes


def test_order_is_changed_without_dragging(member):
    make_item("1.1")
    second, other = make_item("1.2"), make_item("2")
    page = member.get(reverse("strategy_order")).content.decode()
    assert f'<option value="{other.pk}">' in page
    move = reverse("strategy_move", args=[second.pk])
    assert member.post(move, {"way": "up"})["Location"].endswith(f"#part-{second.pk}")
    second.refresh_from_db()
    assert second.code == "1.1"
    member.post(move, {"way": "sideways"})
    second.refresh_from_db()
    assert second.code == "1.1"
    member.post(move, {"parent": other.pk})
    second.refresh_from_db()
    assert (second.code, second.parent) == ("2.1", other)
    member.post(move, {"parent": second.pk})
    second.refresh_from_db()
    assert second.parent == other


@pytest.mark.same_on_both
def test_part_is_dropped_in_a_place_and_put_back(member):
    for code in ("1.1.1", "1.1.2", "1.1.3", "1.2.1", "2"):
        make_item(code)
    order, dragged = reverse("strategy_order"), StrategyItem.objects.get(code="1.1.2")
    move, before = reverse("strategy_move", args=[dragged.pk]), titles()
    member.post(move, {"parent": StrategyItem.objects.get(code="1.2").pk, "number": "1"})
    assert (titles()["1.1.2"], titles()["1.2.1"]) == ("Onderdeel 1.1.3", "Onderdeel 1.1.2")
    moved = member.get(order).context["moved"]
    assert member.get(order).context["moved"] is None
    member.post(move, {"parent": moved["parent"], "number": moved["number"]})
    assert titles() == before
    pillar = StrategyItem.objects.get(code="2")
    for wrong in ({"number": "0"}, {"number": "x"}, {"parent": dragged.pk, "number": "1"}, {}):
        member.post(reverse("strategy_move", args=[pillar.pk]), wrong)
    assert titles() == before
    member.post(reverse("strategy_move", args=[pillar.pk]), {"parent": "", "number": "1"})
    assert titles()["1"] == "Onderdeel 2"


def titles() -> dict[str, str]:
    return {item.code: item.title_nl for item in in_order()}


def test_delete_asks_unless_it_is_refused_and_says_why(member):
    item = make_item("1.1.1")
    make_evidence(make_statement(), item)
    path = reverse("strategy_delete", args=[item.pk])
    page = member.post(path, follow=True).content.decode()
    assert "evidence (1)" in page
    item.evidence.all().delete()
    assert "confirmed" in member.post(path).content.decode()
    assert member.post(path, {"confirmed": "yes"})["Location"] == reverse("strategy_tree")
    assert [one.code for one in in_order()] == ["1", "1.1"]


def test_reference_data_makes_pillars_only_where_there_are_none():
    call_command("load_reference", stdout=StringIO())
    assert [item.code for item in in_order()] == ["1", "2"]
    StrategyItem.objects.filter(code="1").update(title_nl="Van het team")
    StrategyItem.objects.filter(code="2").delete()
    call_command("load_reference", stdout=StringIO())
    assert [item.title_nl for item in in_order()] == ["Van het team"]


def test_part_is_found_from_everywhere_by_its_words_in_both_languages(client):
    item = make_item("1.1.1", title="Eén loket", text_en="One desk for work.")
    make_item("1.1.2", title="Iets anders")
    client.force_login(make_user(Role.READER))
    for words in ("een LOKET", "desk work", "1.1.1"):
        assert item.get_absolute_url() in client.get(reverse("search"), {"q": words}).content.decode()
    assert (
        item.get_absolute_url() not in client.get(reverse("search"), {"q": "loket anders"}).content.decode()
    )
