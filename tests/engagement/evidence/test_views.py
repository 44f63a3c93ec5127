"""The page on which many statements are linked at once, and that of one link."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from crm.accounts.roles import Role
from engagement.evidence.models import Evidence
from engagement.statements.models import Statement, Visibility
from tests.factories import (
    make_contact,
    make_evidence,
    make_interview,
    make_item,
    make_organisation,
    make_statement,
    make_user,
)

pytestmark = pytest.mark.django_db
PAGE = reverse("evidence_link")


@pytest.fixture
def user():
    return make_user(Role.CORE_TEAM)


@pytest.fixture
def member(client: Client, user) -> Client:
    client.force_login(user)
    return client


def say(words: str, sector: str = "education", language: str = "nl", **fields: Any) -> Statement:
    """Said by somebody of an organisation of their own."""
    organisation = make_organisation("", sector)
    contact = make_contact(organisation=organisation, language=language)
    interview = make_interview(contact, notes=words, organisation=organisation)
    return make_statement(words, interview=interview, **fields)


def choose(member: Client, *statements: Statement, **typed: Any):
    values = {
        "pick": [one.pk for one in statements],
        "link-outcome": "partly",
        "link-reason_nl": "Eerst zestig.",
    }
    return member.post(PAGE, {**values, **typed})


def test_statements_are_linked_at_once_and_undone(member, user):
    bus, hall = say("De bus is te laat."), say("De hal is te klein.", "government")
    item = make_item()
    answer = choose(
        member, bus, hall, link="1", q="de", **{"link-item": item.pk, "link-reason_en": "Sixty first."}
    )
    assert answer["Location"] == f"{PAGE}?q=de&item={item.pk}"
    rows = Evidence.objects.values_list("statement", "item", "outcome", "reason_nl", "reason_en", "linked_by")
    same = (item.pk, "partly", "Eerst zestig.", "Sixty first.", user.pk)
    assert set(rows) == {(bus.pk, *same), (hall.pk, *same)}
    undoable = member.get(answer["Location"]).context["undoable"]
    assert member.get(answer["Location"]).context["undoable"] == []
    back = member.post(reverse("evidence_undo"), {"evidence": undoable, "item": item.pk, "q": "de"})
    assert (back["Location"], Evidence.objects.count()) == (answer["Location"], 0)


def test_other_buttons_keep_what_was_typed_and_link_nothing(member):
    bus, hall = say("De bus is te laat."), say("De hal is te klein.")
    item = make_item()
    typed = {"link-item": item.pk, "shown": [bus.pk, hall.pk]}
    page = choose(member, hall, q="bus", **typed)
    desk = page.context["desk"]
    assert ([row.statement for row in desk.rows], [row.statement for row in desk.elsewhere]) == (
        [bus],
        [hall],
    )
    assert (desk.chosen, desk.item, Evidence.objects.count()) == ([hall.pk], item, 0)
    assert page.context["form"]["reason_nl"].value() == "Eerst zestig."
    assert page.context["form"]["outcome"].value() == "partly"
    assert choose(member, hall, all="1", q="bus", **typed).context["desk"].chosen == sorted([bus.pk, hall.pk])
    assert choose(member, hall, none="1", **typed).context["desk"].chosen == []
    assert choose(member, bus, drop="q", q="bus", **typed).context["desk"].data.get("q") is None


@pytest.mark.same_on_both
def test_what_is_chosen_out_of_sight_stays_chosen(member):
    bus, hall = say("De bus is te laat."), say("De hal is te klein.")
    desk = choose(member, chosen=f"{hall.pk},x,99999", shown=[bus.pk], q="bus").context["desk"]
    assert desk.chosen == [hall.pk]
    assert choose(member, shown=[hall.pk], chosen=str(hall.pk)).context["desk"].chosen == []


@pytest.mark.same_on_both
def test_page_begins_with_what_the_address_chooses(member):
    bus, hall = say("De bus is te laat."), say("De hal is te klein.")
    item = make_item()
    desk = member.get(PAGE, {"statement": hall.pk, "item": item.pk, "q": "bus"}).context["desk"]
    assert (desk.chosen, desk.item, [row.statement for row in desk.rows]) == ([hall.pk], item, [bus])


@pytest.mark.same_on_both
@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({"link-item": ""}, "Choose what they belong to."),
        ({"link-item": "9" * 30}, "not one of the available choices"),
        ({"link-outcome": "maybe"}, "maybe is not one"),
        ({"link-reason_nl": "x" * 1001}, "1000"),
        ({"pick": []}, "Choose at least one statement"),
    ],
)
def test_bad_input_is_said_and_the_rest_stays(member, typed, error):
    values = {"link-item": make_item().pk, "link": "1", **typed}
    page = choose(member, say("De bus is te laat."), **values)
    said = " ".join(str(one) for errors in page.context["form"].errors.values() for one in errors)
    assert error in said
    assert page.context["form"]["reason_nl"].value() == values.get("link-reason_nl", "Eerst zestig.")
    assert Evidence.objects.count() == 0


def test_pair_that_is_linked_already_cannot_be_chosen(member):
    bus = say("De bus is te laat.")
    item = make_item()
    there = make_evidence(bus, item, "adopted")
    page = choose(member, bus, **{"link-item": item.pk})
    row = page.context["desk"].rows[0]
    assert (row.evidence, row.chosen, page.context["desk"].chosen) == (there, False, [])
    assert f'value="{bus.pk}" disabled' in page.content.decode()


def test_second_of_two_people_is_told_and_keeps_what_they_typed(member, monkeypatch):
    bus, hall = say("De bus is te laat."), say("De hal is te klein.")
    item = make_item()
    # Both had the page open before either linked: the second one chose what is linked by now.
    monkeypatch.setattr("engagement.evidence.linking.Desk.linked", {})
    other = make_evidence(bus, item, "adopted")
    page = choose(member, bus, link="1", **{"link-item": item.pk})
    text = page.content.decode()
    assert str(other.linked_by) in text
    assert other.get_absolute_url() in text
    assert page.context["form"]["reason_nl"].value() == "Eerst zestig."
    assert Evidence.objects.get() == other
    assert choose(member, bus, hall, link="1", **{"link-item": item.pk}).status_code == 302
    assert set(Evidence.objects.values_list("statement", "outcome")) == {
        (bus.pk, "adopted"),
        (hall.pk, "partly"),
    }


@pytest.mark.same_on_both
def test_bar_counts_the_organisations_now_and_then(member):
    item = make_item()
    bus, hall, secret = say("De bus."), say("De hal.", "government", "en"), say("Stil.", "research")
    Statement.objects.filter(pk=secret.pk).update(visibility=Visibility.TEAM)
    make_evidence(say("De brug.", "education"), item)
    desk = choose(member, bus, hall, secret, **{"link-item": item.pk}).context["desk"]
    assert desk.now_and_then == [
        ("education", 1, 2),
        ("research", 0, 0),
        ("entrepreneurs", 0, 0),
        ("government", 0, 1),
    ]
    assert desk.speakers == (3, 3, 1)
    refused = choose(member, bus, **{"link-item": item.pk, "link-outcome": "not adopted"}).context["desk"]
    assert {now == then for _sector, now, then in refused.now_and_then} == {True}


def test_statements_stand_there_as_they_may_leave_the_house(member):
    say("De bus is te laat.")
    text = member.get(PAGE).content.decode()
    assert "De bus is te laat." in text
    assert "van den" not in text.partition('id="linking"')[2]


@pytest.mark.same_on_both
def test_parts_are_found_by_words_and_numbers(member):
    make_item("1.2.3", "Eén loket voor werk en taal")
    make_item("1.2.4", "Tijdelijke woningen")

    def found(words: str) -> list[str]:
        return [
            item.code for item, _covered in member.post(PAGE, {"find_item": words}).context["desk"].items()
        ]

    assert found("") == ["1.2.3", "1.2.4"]
    assert found("een lok") == ["1.2.3"]
    assert found("1.2") == ["1.2", "1.2.3", "1.2.4"]
    assert found("niets") == []


def test_link_is_changed_with_its_history_and_taken_away(member):
    bus = say("De bus is te laat.")
    evidence = make_evidence(bus, make_item(), "open")
    page = evidence.get_absolute_url()
    stamp = member.get(page).context["form"].stamp_input.partition('value="')[2].partition('"')[0]
    typed = {"outcome": "adopted", "reason_nl": "De halte komt er.", "reason_en": "", "stamp": stamp}
    assert member.post(page, typed)["Location"] == bus.get_absolute_url()
    assert list(evidence.history.values_list("outcome", flat=True)) == ["adopted", "open"]
    again = member.post(page, {**typed, "outcome": "partly", "reason_nl": "Half."})
    assert again.context["form"].non_field_errors()
    assert "Half." in again.content.decode()
    unlink = reverse("evidence_unlink", args=[evidence.pk])
    assert member.post(unlink).status_code == 200
    assert member.post(unlink, {"confirmed": "yes"})["Location"] == bus.get_absolute_url()
    assert not Evidence.objects.exists()
    assert member.post(page, typed).status_code == 404
