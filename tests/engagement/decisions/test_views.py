"""Pages of decisions."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from crm.accounts.roles import Role
from engagement.decisions.models import Decision
from tests.factories import make_decision, make_item, make_organisation, make_seat, make_user

pytestmark = pytest.mark.django_db
LIST = reverse("decision_list")


@pytest.fixture
def user():
    return make_user(Role.CORE_TEAM)


@pytest.fixture
def member(client: Client, user) -> Client:
    client.force_login(user)
    return client


def typed(**fields):
    known = {"decided_on": "2026-11-20", "text_nl": "De halte komt er.", "body": make_seat().body.pk}
    return {**known, "items": [make_item().pk], **fields}


def test_decision_is_recorded_about_the_part_it_was_begun_from(member, user):
    item = make_item("1.2.3")
    path = f"{reverse('decision_new')}?item={item.pk}"
    assert member.get(path).context["form"]["items"].initial == [item]
    assert member.post(path, typed(items=[item.pk]))["Location"].startswith(LIST)
    decision = Decision.objects.get()
    assert (list(decision.items.all()), decision.recorded_by, decision.decided_on) == (
        [item],
        user,
        date(2026, 11, 20),
    )


@pytest.mark.same_on_both
@pytest.mark.parametrize(
    ("field", "fields"),
    [
        ("body", {"body": ""}),
        ("decided_on", {"decided_on": "31-31-2026"}),
        ("text_nl", {"text_nl": " "}),
        ("items", {"items": []}),
    ],
)
def test_bad_decision_is_refused_beside_its_field_and_stays_typed(member, field, fields):
    page = member.post(reverse("decision_new"), typed(text_en="The stop will come.", **fields))
    assert set(page.context["form"].errors) == {field}
    assert "The stop will come." in page.content.decode()
    assert not Decision.objects.exists()


def test_decision_of_body_and_partner_at_once_is_refused(member):
    page = member.post(reverse("decision_new"), typed(organisation=make_organisation().pk))
    assert set(page.context["form"].errors) == {"organisation"}


def test_list_has_the_agenda_first_and_then_what_was_decided(member):
    later, soon, taken, earlier = (make_decision(make_item(), in_days=days) for days in (30, 1, 0, -9))
    page = member.get(LIST)
    assert list(page.context["agenda"]) == [soon, later]
    assert list(page.context["page"]) == [taken, earlier]
    assert [one.is_to_come() for one in (soon, taken)] == [True, False]
    assert not soon.is_to_come(timezone.localdate() + timedelta(days=1))


def test_decision_is_changed_with_its_history_and_deleted(member):
    decision = make_decision(make_item())
    path = reverse("decision_edit", args=[decision.pk])
    stamp = member.get(path).context["form"].stamp_input.partition('value="')[2].partition('"')[0]
    new = typed(text_nl="De halte komt er in mei.", body=decision.body_id, stamp=stamp)
    assert member.post(path, new)["Location"] == decision.get_absolute_url()
    assert "De halte komt er." in member.get(path).content.decode()
    again = member.post(path, {**new, "text_nl": "In juni."})
    assert again.context["form"].non_field_errors()
    assert member.post(path.rstrip("/") + "/delete/").status_code == 200
    assert Decision.objects.count() == 1
    member.post(reverse("decision_delete", args=[decision.pk]), {"confirmed": "yes"})
    assert not Decision.objects.exists()


def test_decision_that_somebody_deleted_meanwhile_says_so_and_keeps_what_was_typed(member, monkeypatch):
    decision = make_decision(make_item())
    path = reverse("decision_edit", args=[decision.pk])
    monkeypatch.setattr("engagement.decisions.views.get_object_or_404", lambda *_args, **_by: decision)
    Decision.objects.get(pk=decision.pk).delete()
    page = member.post(path, typed(text_nl="In juni."))
    assert "In juni." in page.content.decode()
    assert page.context["form"].non_field_errors()


def test_reader_reads_decisions(client):
    client.force_login(make_user(Role.READER))
    decision = make_decision(make_item())
    text = client.get(LIST).content.decode()
    assert decision.text_nl in text
    assert reverse("decision_edit", args=[decision.pk]) not in text
