"""Logging an interview: who was heard, and that they count as heard."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from crm.accounts.roles import Role
from crm.contacts.models import Contact
from crm.timeline.models import TimelineEntry
from engagement.interviews.models import Interview
from tests.factories import (
    make_attachment,
    make_contact,
    make_interview,
    make_organisation,
    make_theme,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(client: Client) -> Client:
    client.force_login(make_user(Role.CORE_TEAM))
    return client


def filled(*contacts, **changes):
    known = {
        "contacts": [person.pk for person in contacts],
        "organisation": "",
        "held_at": "2026-10-14T10:00",
        "place": "The Gallery",
        "notes": "The labs are empty at night.",
        "themes": [make_theme().pk],
    }
    return known | changes


def test_interview_stands_on_the_timeline_and_counts_as_heard(member):
    firm = make_organisation("Firm", "entrepreneurs")
    person = make_contact(organisation=firm)
    response = member.post(reverse("interview_new"), filled(person))
    interview = Interview.objects.get()
    assert response["Location"] == interview.get_absolute_url()
    assert interview.organisation == firm
    person.refresh_from_db()
    assert person.last_heard_on == date(2026, 10, 14)
    assert [entry.kind for entry in TimelineEntry.objects.about(person)] == ["interview.held"]
    assert [entry.kind for entry in TimelineEntry.objects.about(firm)] == ["interview.held"]
    assert "The labs are empty" in member.get(interview.get_absolute_url()).content.decode()


def test_editing_keeps_one_entry_per_person(member):
    first, second = make_contact(), make_contact()
    member.post(reverse("interview_new"), filled(first))
    path = reverse("interview_edit", args=[Interview.objects.get().pk])
    member.post(path, filled(first, second, place="Elsewhere"))
    assert TimelineEntry.objects.count() == 2
    assert Interview.objects.get().place == "Elsewhere"


def test_deleting_one_takes_it_from_the_timelines_and_counts_as_heard_by_the_others(member):
    person = make_contact(organisation=make_organisation())
    for day in ("2026-10-14", "2026-11-02"):
        member.post(reverse("interview_new"), filled(person, held_at=f"{day}T10:00"))
    path = reverse("interview_delete", args=[Interview.objects.get(held_at__month=11).pk])
    assert "Delete the interview with" in member.post(path).text
    assert Interview.objects.count() == 2
    assert member.post(path, {"confirmed": "yes"})["Location"] == reverse("interview_list")
    assert TimelineEntry.objects.get().about_key == str(Interview.objects.get().pk)
    person.refresh_from_db()
    assert person.last_heard_on == date(2026, 10, 14)


def test_earlier_interview_does_not_make_somebody_less_recently_heard(member):
    person = make_contact(last_heard_on=date(2026, 11, 1))
    member.post(reverse("interview_new"), filled(person))
    person.refresh_from_db()
    assert person.last_heard_on == date(2026, 11, 1)


@pytest.mark.same_on_both
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"contacts": []}, "contacts"),
        ({"held_at": "some day"}, "held_at"),
        ({"held_at": (timezone.now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")}, "held_at"),
        ({"organisation": "99999"}, "organisation"),
    ],
)
def test_wrong_input_is_explained_and_the_notes_stay(member, changes, field):
    response = member.post(reverse("interview_new"), filled(make_contact(), **changes))
    assert list(response.context["form"].errors) == [field]
    assert "The labs are empty at night." in response.content.decode()


def test_person_is_preselected_from_the_contact_page(member):
    person = make_contact()
    page = member.get(reverse("interview_new"), {"contact": person.pk})
    assert page.context["form"]["contacts"].value() == [person.pk]
    assert page.context["form"]["held_at"].value() is not None
    assert member.get(reverse("interview_new"), {"contact": "x"}).status_code == 200


def test_person_is_found_by_typing_and_what_was_typed_stays(member):
    person, other = make_contact(family_name="Yıldız", infix=""), make_contact(family_name="Assink", infix="")
    typed = filled(other, search="1", find="yildiz", held_at="2026-10-14T10:00")
    page = member.post(reverse("interview_new"), typed)
    offered = [choice.data["value"].value for choice in page.context["form"]["contacts"]]
    assert set(offered) == {person.pk, other.pk}
    assert page.context["form"]["contacts"].value() == [other.pk]
    assert "The labs are empty at night." in page.content.decode()
    assert not Interview.objects.exists()


def test_reader_sees_no_notes(client):
    client.force_login(make_user(Role.READER))
    assert client.get(reverse("interview_list")).status_code == 403


LATER = (timezone.now() + timedelta(days=9)).strftime("%Y-%m-%dT%H:%M")


@pytest.mark.same_on_both
@pytest.mark.parametrize("state", ["planned", "cancelled"])
def test_what_is_planned_or_called_off_is_not_heard(member, state):
    person = make_contact()
    member.post(reverse("interview_new"), filled(person, state=state, held_at="2026-10-14T10:00"))
    person.refresh_from_db()
    assert person.last_heard_on is None
    assert list(TimelineEntry.objects.about(person)) == []


@pytest.mark.same_on_both
def test_planned_one_counts_from_the_moment_it_was_held_until_it_was_not(member):
    person = make_contact()
    member.post(reverse("interview_new"), filled(person, state="planned", held_at=LATER))
    interview = Interview.objects.get()
    path = reverse("interview_edit", args=[interview.pk])
    assert member.get(path, {"state": "held"}).context["form"]["state"].value() == "held"
    member.post(path, filled(person, state="held"))
    person.refresh_from_db()
    assert person.last_heard_on == date(2026, 10, 14)
    assert [entry.kind for entry in TimelineEntry.objects.about(person)] == ["interview.held"]
    member.post(path, filled(person, state="cancelled"))
    person = Contact.objects.get()
    assert (person.last_heard_on, TimelineEntry.objects.count()) == (None, 0)


def test_planned_one_needs_no_day_and_a_held_one_does(member):
    person = make_contact()
    response = member.post(reverse("interview_new"), filled(person, state="held", held_at=""))
    assert list(response.context["form"].errors) == ["held_at"]
    member.post(reverse("interview_new"), filled(person, state="planned", held_at=""))
    interview = Interview.objects.get()
    assert interview.held_at is None
    for path in (interview.get_absolute_url(), reverse("interview_list"), f"{reverse('search')}?q=berg"):
        assert "no day" in member.get(path).text or "planned" in member.get(path).text
    with pytest.raises(IntegrityError):
        Interview.objects.update(state="written up")


@pytest.mark.same_on_both
def test_planned_one_stands_on_today_of_whoever_holds_it(member):
    other, person = make_user(Role.CORE_TEAM), make_contact()
    for held_at in (LATER, "2026-10-14T10:00", ""):
        member.post(
            reverse("interview_new"), filled(person, state="planned", held_at=held_at, interviewer=other.pk)
        )
    assert "Interviews for me to hold" not in member.get(reverse("today")).text
    client = Client()
    client.force_login(other)
    page = client.get(reverse("today"))
    assert [one.held_at is None for one in page.context["to_hold"]] == [False, False, True]
    assert page.text.count("It was held") == 1
    assert page.context["waiting"] == 3


def test_interview_is_held_by_somebody_of_the_team(member):
    reader = make_user(Role.READER)
    response = member.post(reverse("interview_new"), filled(make_contact(), interviewer=reader.pk))
    assert list(response.context["form"].errors) == ["interviewer"]


def test_list_shows_one_state_at_a_time(member):
    for state in ("planned", "held", "held"):
        member.post(reverse("interview_new"), filled(make_contact(), state=state))
    page = member.get(reverse("interview_list"), {"state": "held"})
    assert len(page.context["page"].object_list) == 2
    assert [(value, number) for value, _word, number in page.context["states"]] == [
        ("", 3),
        ("planned", 1),
        ("held", 2),
    ]
    assert len(member.get(reverse("interview_list"), {"state": "x"}).context["page"].object_list) == 3


def test_interview_that_was_held_goes_step_by_step_and_one_to_come_does_not(member):
    person = make_contact()
    interview = make_interview(person, notes="De hal is te klein.")
    path = reverse("interview_step", args=[interview.pk])
    for state in ("written up", "approved", "planned", "x"):
        member.post(path, {"state": state})
    now = Interview.objects.get()
    # Approved it becomes by what the speakers answer.
    assert (now.state, now.writeup.approved_at) == ("written up", None)
    member.post(path, {"state": "held"})
    assert Interview.objects.get().state == "held"
    planned = make_interview(person, state="planned")
    member.post(reverse("interview_step", args=[planned.pk]), {"state": "approved"})
    planned.refresh_from_db()
    assert planned.state == "planned"


def test_deleting_one_takes_its_files_along(member, settings, tmp_path, django_capture_on_commit_callbacks):
    settings.ATTACHMENTS_DIR = tmp_path
    interview = make_interview(make_contact())
    make_attachment(interview.writeup)
    with django_capture_on_commit_callbacks(execute=True):
        member.post(reverse("interview_delete", args=[interview.pk]), {"confirmed": "yes"})
    assert not Interview.objects.exists()
    assert list(tmp_path.iterdir()) == []
