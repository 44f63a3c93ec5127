"""Whom to invite: everybody who is shown is counted, and exactly those counted are in the draft."""

import pytest
from django.test import Client
from django.urls import reverse

from crm.preferences.services import record_consent
from crm.themes.models import Theme
from engagement.events.models import Event
from engagement.mailings.models import Mailing, Message
from tests.factories import (
    bring_to,
    invite_everybody,
    make_contact,
    make_event,
    make_organisation,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def adviser(client: Client) -> Client:
    client.force_login(make_user())
    return client


@pytest.fixture
def event() -> Event:
    return make_event()


def page_of(event: Event, query: str = "q=") -> str:
    return f"{reverse('event_invite', args=[event.pk])}?{query}"


def form_on(page) -> dict:
    """What a browser would send for the page with every tick as it stands."""
    found = page.context["invitees"]
    shown = [person.pk for person in page.context["rows"]]
    data = {name: page.context["filter"].data.getlist(name) for name in ("q", "sector", "theme")}
    return {
        **data,
        "shown": shown,
        "invite": [pk for pk in shown if pk not in found.left_out],
        "out": ",".join(map(str, found.left_out)),
        "seen": found.seen,
    }


def gets(mailing: Mailing) -> set[int]:
    return set(mailing.recipients.filter(included=True).values_list("contact", flat=True))


def test_it_opens_with_the_theme_of_the_event(adviser, event):
    fits, other = make_contact(), make_contact()
    fits.themes.add(event.theme)
    other.themes.add(Theme.objects.exclude(pk=event.theme.pk)[0])
    page = adviser.get(reverse("event_invite", args=[event.pk]))
    assert [person.pk for person in page.context["rows"]] == [fits.pk]
    assert [chip.value for chip in page.context["chips"]] == [str(event.theme)]
    assert '<details class="menu filter-more">' in page.text
    everybody = adviser.post(page_of(event), {**form_on(page), "drop": page.context["chips"][0].drop})
    assert everybody.context["invitees"].found == 2


def test_everybody_stands_there_with_the_reason_and_draft_has_the_sectors(adviser, event):
    school = make_organisation("School", "education")
    teacher, without = make_contact(organisation=school), make_contact(organisation=school, email=None)
    make_contact(organisation=make_organisation("Firm", "entrepreneurs"))
    page = adviser.get(page_of(event, "sector=education"))
    found = page.context["invitees"]
    assert (found.included, found.barred) == ([teacher.pk], {without.pk: "no address"})
    assert dict(found.by_sector())["education"] == 1
    response = adviser.post(page_of(event), {**form_on(page), "save": "1"})
    mailing = Mailing.objects.get()
    assert response["Location"] == mailing.get_absolute_url()
    assert mailing.audience == {"sector": ["education"]}
    assert gets(mailing) == {teacher.pk}
    assert mailing.recipients.get(contact=teacher).why == {"sectors": ["education"], "themes": []}


def test_whom_somebody_unticks_is_not_counted_and_not_in_the_draft(adviser, event):
    stays, goes = make_contact(), make_contact()
    form = form_on(adviser.get(page_of(event)))
    shown = adviser.post(page_of(event), {**form, "invite": [stays.pk], "show": "1"})
    assert shown.context["invitees"].included == [stays.pk]
    assert "Left out: " in shown.text
    adviser.post(page_of(event), {**form_on(shown), "save": "1"})
    mailing = Mailing.objects.get()
    assert gets(mailing) == {stays.pk}
    assert mailing.recipients.get(contact=goes).reason == "left out"


def test_tick_that_was_not_counted_makes_no_draft_but_shows_the_number_first(adviser, event):
    stays, _goes = make_contact(), make_contact()
    form = form_on(adviser.get(page_of(event)))
    page = adviser.post(page_of(event), {**form, "invite": [stays.pk], "save": "1"})
    assert "This is the number now. Look at it, then press once more." in page.text
    assert page.context["invitees"].included == [stays.pk]
    assert not Mailing.objects.exists()


def test_filter_that_was_not_counted_makes_no_draft(adviser, event):
    make_contact(organisation=make_organisation("School", "education"))
    make_contact(organisation=make_organisation("Firm", "entrepreneurs"))
    form = form_on(adviser.get(page_of(event)))
    page = adviser.post(page_of(event), {**form, "sector": "education", "save": "1"})
    assert (page.context["moved"], len(page.context["invitees"].included)) == (True, 1)
    assert not Mailing.objects.exists()


def test_somebody_who_says_no_meanwhile_changes_the_number_first(adviser, event):
    leaves, _stays = make_contact(), make_contact()
    form = form_on(adviser.get(page_of(event)))
    record_consent(contact=leaves, purpose="invitation", allowed=False, source="form")
    assert adviser.post(page_of(event), {**form, "save": "1"}).context["moved"]
    assert not Mailing.objects.exists()


def test_post_that_saw_nothing_makes_no_draft(adviser, event):
    make_contact()
    assert adviser.post(page_of(event), {"save": "1"}).context["moved"]
    assert not Mailing.objects.exists()


@pytest.mark.same_on_both
def test_unticked_stays_out_on_other_pages_and_under_other_filters_until_put_back(adviser, event):
    people = [make_contact(family_name=f"A{number:03}") for number in range(52)]
    first = adviser.get(page_of(event))
    form = form_on(first)
    goes = people[0].pk
    form["invite"].remove(goes)
    second = adviser.post(page_of(event), {**form, "page": "2"})
    assert len(second.context["rows"]) == 2
    assert len(second.context["invitees"].included) == 51
    narrower = adviser.post(page_of(event), {**form_on(second), "q": "A0", "show": "1"})
    assert goes not in narrower.context["invitees"].included
    back = adviser.post(page_of(event), {**form_on(narrower), "back": goes})
    assert len(back.context["invitees"].included) == 52


@pytest.mark.same_on_both
def test_ticking_somebody_again_puts_them_back(adviser, event):
    person = make_contact()
    form = form_on(adviser.get(page_of(event)))
    out = adviser.post(page_of(event), {**form, "invite": [], "show": "1"})
    again = adviser.post(page_of(event), {**form_on(out), "invite": [person.pk], "show": "1"})
    assert again.context["invitees"].included == [person.pk]


def test_wrong_filter_invites_nobody(adviser, event):
    make_contact()
    response = adviser.post(page_of(event), {"sector": "astronauts", "save": "1"})
    assert response.status_code == 200
    assert "invitees" not in response.context
    assert not Mailing.objects.exists()


@pytest.mark.same_on_both
@pytest.mark.parametrize("names", [("shown", "invite", "out", "back", "page", "drop", "seen"), ("q", "pick")])
def test_whatever_is_typed_is_answered_in_words(adviser, event, names):
    make_contact()
    values = ["", "x", "0", "9" * 30, "1,2", "\x00", "²", "-1", "=", "q=", "theme"]
    for first in range(len(values)):
        typed = {name: values[(first + at) % len(values)] for at, name in enumerate(names)}
        assert adviser.post(page_of(event), {**typed, "save": "1"}).status_code == 200
    assert not Mailing.objects.exists()


def test_second_draft_leaves_the_first(adviser, event):
    make_contact()
    for _ in range(2):
        adviser.post(page_of(event), {**form_on(adviser.get(page_of(event))), "save": "1"})
    drafts = Mailing.objects.all()
    assert [draft.recipients.count() for draft in drafts] == [1, 1]
    page = adviser.get(event.get_absolute_url()).text
    assert all(draft.get_absolute_url() in page for draft in drafts)


def test_who_had_much_mail_is_marked(adviser, event, settings):
    settings.MAIL_OFTEN = 1
    person = make_contact()
    invite_everybody(make_event())
    bring_to("sent", Message.objects.all())
    row = adviser.get(page_of(event)).context["rows"].get()
    assert (row.pk, row.had) == (person.pk, 1)
    assert '<span class="flag">1</span>' in adviser.get(page_of(event)).text


@pytest.mark.same_on_both
def test_number_of_queries_does_not_depend_on_the_number_of_people(
    adviser, event, django_assert_max_num_queries
):
    for _ in range(30):
        make_contact(organisation=make_organisation())
    with django_assert_max_num_queries(40):
        adviser.get(page_of(event))
