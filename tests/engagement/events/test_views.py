"""The adviser's pages about events."""

import pytest
from django.test import Client
from django.urls import reverse

from crm.links.services import link_for, token_of
from engagement.approvals.links import APPROVAL
from engagement.events.models import Event
from engagement.events.services import begin_writeup
from engagement.statements.models import Speaker
from tests.factories import (
    make_contact,
    make_event,
    make_organisation,
    make_participation,
    make_theme,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def adviser(client: Client) -> Client:
    client.force_login(make_user())
    return client


def filled(**changes: str) -> dict[str, str]:
    known = {
        "kind": "expert session",
        "theme": str(make_theme().pk),
        "title_nl": "Expertsessie",
        "title_en": "Expert session",
        "text_nl": "Kom praten.",
        "formality": "u",
        "text_en": "Come and talk.",
        "starts_at": "2027-03-28T13:30",
        "ends_at": "2027-03-28T16:30",
        "place": "DesignLab",
        "capacity": "48",
        "remind_days_before": "3",
    }
    return known | changes


def test_event_is_made_in_the_time_of_amsterdam(adviser):
    response = adviser.post(reverse("event_new"), filled())
    event = Event.objects.get()
    assert response["Location"] == event.get_absolute_url()
    assert event.starts_at.isoformat() == "2027-03-28T11:30:00+00:00"
    assert event.reminder_rule.days_before == 3


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"ends_at": "2027-03-28T13:30"}, "ends_at"),
        ({"ends_at": "2027-03-27T16:30"}, "ends_at"),
        ({"starts_at": "yesterday"}, "starts_at"),
        ({"starts_at": "2027-03-28T02:30"}, "starts_at"),  # does not exist: summer time begins
        ({"capacity": "0"}, "capacity"),
        ({"title_en": ""}, "title_en"),
        ({"theme": "999999"}, "theme"),
        ({"place": "x\x00y"}, "place"),
        ({"remind_days_before": "99"}, "remind_days_before"),
    ],
)
def test_wrong_input_is_explained_beside_the_field_and_kept(adviser, changes, field):
    response = adviser.post(reverse("event_new"), filled(**changes))
    assert response.status_code == 200
    assert list(response.context["form"].errors) == [field]
    assert "Kom praten." in response.content.decode()
    assert not Event.objects.exists()


def test_edit_shows_what_is_stored(adviser):
    event = make_event(remind=5)
    page = adviser.get(reverse("event_edit", args=[event.pk]))
    assert page.context["form"]["remind_days_before"].value() == 5
    assert (
        adviser.post(reverse("event_edit", args=[event.pk]), filled(remind_days_before="")).status_code == 302
    )
    assert not hasattr(Event.objects.get(), "reminder_rule")


def test_how_far_people_take_part_and_what_is_promised_is_kept_shown_and_told_to_who_spoke(adviser):
    promises = {"promise_nl": "U hoort het voor de zomer.", "promise_en": "You hear before the summer."}
    adviser.post(reverse("event_new"), filled(level="involve", **promises))
    event = Event.objects.get()
    page = adviser.get(event.get_absolute_url()).content.decode()
    assert "involve: what they think shows in what we choose" in page
    assert "You hear before the summer." in page
    contact = make_contact(language="nl")
    writeup = begin_writeup(event_key=event.pk)
    Speaker.objects.create(writeup=writeup, contact=contact)
    link = link_for(contact=contact, purpose=APPROVAL, subject=str(writeup.pk))
    asked = reverse("approval", args=[token_of(link)])
    for language, words in (("nl", promises["promise_nl"]), ("en", promises["promise_en"])):
        assert words in adviser.get(asked, {"lang": language}).content.decode()
    copy = adviser.get(reverse("event_new"), {"copy": event.pk}).context["form"]
    assert [copy[name].value() for name in ("level", "promise_nl")] == ["involve", promises["promise_nl"]]
    assert adviser.post(reverse("event_new"), filled(level="rule")).context["form"].errors.keys() == {"level"}


def test_copy_says_what_the_other_says_but_for_when(adviser):
    event = make_event(capacity=40)
    page = adviser.get(reverse("event_new"), {"copy": event.pk})
    form = page.context["form"]
    assert form["title_nl"].value() == event.title_nl
    assert form["theme"].value() == event.theme_id
    assert form["capacity"].value() == 40
    assert [form[name].value() for name in ("starts_at", "ends_at")] == [None, None]
    assert adviser.get(reverse("event_new"), {"copy": "x"}).context["form"]["title_nl"].value() == ""
    adviser.post(f"{reverse('event_new')}?copy={event.pk}", filled(title_nl="Nog een"))
    assert sorted(Event.objects.values_list("title_nl", flat=True)) == ["Expertsessie talent", "Nog een"]
    assert Event.objects.get(pk=event.pk).title_nl == "Expertsessie talent"


def test_detail_lists_people_by_answer(adviser):
    event = make_event()
    make_participation(event=event, status="accepted", answered_at=event.created_at, needs="a ramp")
    page = adviser.get(event.get_absolute_url())
    assert page.context["figures"][0] == ("accepted", 1)
    assert "a ramp" in page.content.decode()
    assert adviser.get(event.get_absolute_url(), {"status": "nonsense"}).status_code == 200
    assert len(adviser.get(event.get_absolute_url(), {"status": "declined"}).context["rows"]) == 0


def test_detail_asks_the_same_number_of_questions_for_any_number_of_people(
    adviser, django_assert_max_num_queries
):
    event = make_event()
    for _ in range(12):
        person = make_contact(organisation=make_organisation())
        make_participation(event=event, contact=person, status="accepted", answered_at=event.created_at)
    with django_assert_max_num_queries(20):
        adviser.get(event.get_absolute_url())


def test_cancelling_needs_a_post(adviser):
    event = make_event()
    assert adviser.get(reverse("event_cancel", args=[event.pk])).status_code == 405
    assert "Nobody was invited" in adviser.post(reverse("event_cancel", args=[event.pk])).text
    adviser.post(reverse("event_cancel", args=[event.pk]), {"confirmed": "0"})
    event.refresh_from_db()
    assert event.cancelled_at is not None
