"""Moving and cancelling: who is told is asked first, with the mail, and stands on the page afterwards."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from engagement.events.models import Event, Participation
from engagement.events.services import answer, cancel_event, save_event
from engagement.mailings.kinds import KINDS
from engagement.mailings.models import Message
from tests.factories import bring_to, invite_everybody, make_contact, make_event, make_user
from tests.harness.forms import fields_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def adviser(client: Client) -> Client:
    client.force_login(make_user())
    return client


@pytest.fixture
def event() -> Event:
    """In English, with two who have the invitation."""
    noon = timezone.now().replace(hour=12, minute=0, second=0, microsecond=0)
    event = make_event(starts_at=noon + timedelta(days=21))
    for _ in range(2):
        make_contact(language="en")
    invite_everybody(event)
    bring_to("sent", Message.objects.all())
    return event


def told() -> list[Message]:
    return list(Message.objects.filter(kind__in=("update", "cancellation")).order_by("created_at", "pk"))


def moved(event: Event, **changes) -> Event:
    event = Event.objects.get(pk=event.pk)
    for name, value in changes.items():
        setattr(event, name, value)
    return event


def edit(client: Client, event: Event, **typed: str):
    page = reverse("event_edit", args=[event.pk])
    return client.post(page, {**fields_of(client.get(page)), **typed})


@pytest.mark.same_on_both
def test_moving_asks_first_who_is_told_and_shows_the_mail_with_old_and_new(adviser, event):
    page = edit(adviser, event, place="The Gallery")
    assert page.context["question"].promise == "2"
    assert "Tell 2 people now" in page.text
    assert "<del>DesignLab</del>" in page.text
    assert "<ins>The Gallery</ins>" in page.text
    mail = page.context["mail"].text
    assert "DesignLab" in mail.partition("This is how it is now:")[0]
    assert "Where: The Gallery" in mail
    assert "/a/preview/" in mail
    assert told() == []
    event.refresh_from_db()
    assert (event.place, event.sequence) == ("DesignLab", 0)


@pytest.mark.same_on_both
def test_yes_moves_it_and_the_page_says_how_many_were_told(adviser, event):
    page = edit(adviser, event, place="The Gallery", tell="yes", confirmed="2")
    assert page.status_code == 302
    assert len(told()) == 2
    page = adviser.get(event.get_absolute_url()).text
    assert "2 people are told." in page
    assert "2 people were told" in page


@pytest.mark.same_on_both
def test_moving_can_be_saved_without_telling(adviser, event):
    edit(adviser, event, place="The Gallery", tell="no", confirmed="2")
    event.refresh_from_db()
    assert (event.place, event.sequence) == ("The Gallery", 1)
    assert told() == []
    assert "were told" not in adviser.get(event.get_absolute_url()).text


def test_change_of_the_words_alone_asks_nothing(adviser, event):
    assert edit(adviser, event, title_nl="Anders").status_code == 302


def test_event_to_which_nobody_was_invited_moves_without_a_question(adviser):
    event = make_event()
    assert edit(adviser, event, place="The Gallery").status_code == 302


@pytest.mark.same_on_both
def test_mistake_is_told_before_anything_is_asked(adviser, event):
    page = edit(adviser, event, place="", title_nl="")
    assert "question" not in page.context
    assert set(page.context["form"].errors) == {"place", "title_nl"}


def test_cancelling_asks_first_with_the_mail_and_can_be_silent(adviser, event):
    path = reverse("event_cancel", args=[event.pk])
    page = adviser.post(path)
    assert "Tell 2 people now" in page.text
    assert "Unfortunately this is cancelled" in page.context["mail"].text
    assert told() == []
    adviser.post(path, {"confirmed": "2", "tell": "no"})
    event.refresh_from_db()
    assert event.cancelled_at is not None
    assert told() == []


def test_cancelling_tells_and_says_so(adviser, event):
    page = adviser.post(
        reverse("event_cancel", args=[event.pk]), {"confirmed": "2", "tell": "yes"}, follow=True
    )
    assert "Cancelled. 2 people are told." in page.text
    assert {message.kind for message in told()} == {"cancellation"}


def test_who_said_no_since_the_question_is_asked_anew(adviser, event):
    answer(participation=Participation.objects.all()[0], status="declined")
    page = adviser.post(reverse("event_cancel", args=[event.pk]), {"confirmed": "2", "tell": "yes"})
    assert page.context["question"].promise == "1"
    assert told() == []


def test_mail_names_the_time_that_its_reader_knew(event):
    later = {name: getattr(event, name) + timedelta(days=1) for name in ("starts_at", "ends_at")}
    first = moved(event, **later)
    save_event(event=first, remind_days_before=None)
    second = moved(event, place="Elsewhere")
    save_event(event=second, remind_days_before=None)
    last = told()[-1]
    assert last.was["starts_at"] == event.starts_at.isoformat()
    assert last.was["place"] == "DesignLab"
    assert KINDS["update"].render(last).subject.startswith("Moved to ")


def test_who_was_told_already_reads_the_time_of_the_last_mail(event):
    first = moved(event, place="First")
    save_event(event=first, remind_days_before=None)
    bring_to("sent", Message.objects.filter(kind="update"))
    save_event(event=moved(event, place="Second"), remind_days_before=None)
    assert {message.was["place"] for message in told() if message.state == "queued"} == {"First"}


def test_silent_change_leaves_nobody_with_a_message_that_is_overtaken(event):
    save_event(event=moved(event, place="First"), remind_days_before=None)
    save_event(event=moved(event, place="Second"), remind_days_before=None, tell=False)
    letters = KINDS["update"].letters(told())
    assert [letter.objection for letter in letters] == ["", ""]
    assert "Second" in KINDS["update"].render(told()[0]).text


def test_mail_of_an_earlier_version_names_no_old_time(event):
    save_event(event=moved(event, place="First"), remind_days_before=None)
    message = told()[0]
    message.was = {}
    mail = KINDS["update"].render(message)
    assert "It was" not in mail.text
    assert mail.subject.startswith("Changed:")


def test_second_cancellation_changes_nothing(event):
    cancel_event(event=event)
    cancel_event(event=event, tell=False)
    assert len(told()) == 2
