"""What the list of contacts costs, what it counts, and where one goes from it."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from crm.accounts.roles import Role
from crm.base import paging
from crm.contacts.models import ContactPoint
from crm.directory.contacts import shown
from crm.directory.segments.models import Segment
from crm.preferences.services import record_consent
from engagement.mailings.models import Mailing
from tests.factories import (
    happened,
    make_contact,
    make_event,
    make_organisation,
    make_tag,
    make_theme,
    make_user,
)

pytestmark = pytest.mark.django_db
LIST = reverse("contact_list")


@pytest.fixture
def adviser(client: Client) -> Client:
    client.force_login(make_user(Role.COMMUNICATIONS))
    return client


def people(number: int) -> None:
    """As they are: two themes and two O's, a label now and then, a yes, a no, some mail."""
    themes = [make_theme(), make_theme("financiering")]
    places = [make_organisation(f"Gemeente {n}", "government", "education") for n in range(4)]
    for n in range(number):
        contact = make_contact(given_name=f"Voornaam{n}", organisation=places[n % 4])
        contact.themes.add(*themes)
        if n % 5 == 0:
            contact.tags.add(make_tag("Kennispark"))
        record_consent(contact=contact, purpose="newsletter", allowed=n % 3 > 0, source="form")
        happened("event.invited", contact, words={"title": "x"})


def acts(response: Any) -> list[str]:
    return [words for _act, words in response.context["acts"]]


@pytest.mark.same_on_both
def test_fifty_rows_take_twelve_queries_and_seventy_kilobytes(adviser, django_assert_max_num_queries):
    people(55)
    with django_assert_max_num_queries(12):
        page = adviser.get(LIST)
    assert len(page.context["table"]) == 50
    assert len(page.content) <= 70_000


@pytest.mark.same_on_both
def test_numbers_go_from_the_few_people_found_to_what_they_have(adviser):
    """The other way each page would read every affiliation and every address, once for each O."""
    if connection.vendor != "sqlite":
        pytest.skip("the words of a plan are those of SQLite")
    people(5)
    with CaptureQueriesContext(connection) as asked:
        adviser.get(LIST, {"q": "voornaam1"})
    numbers = next(query["sql"] for query in asked.captured_queries if '"doubles"' in query["sql"])
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {numbers}")
        steps = [row[3] for row in cursor.fetchall()]
    assert any("crm_affiliation" in step for step in steps)
    # A sub-select of Django's calls its tables U0, U1 …
    assert [
        step for step in steps if re.match(r"SCAN (U\d|crm_(affiliation|contactpoint|organisation))", step)
    ] == []


@pytest.mark.same_on_both
def test_whole_list_says_its_number_where_it_is_more_than_is_counted(adviser, monkeypatch):
    for module in (paging, shown):
        monkeypatch.setattr(module, "MOST_COUNTED", 3)
    people(5)
    whole = adviser.get(LIST)
    assert (whole.context["found"], whole.context["page"].total) == (5, 5)
    assert "5 of 5 contacts" in whole.content.decode()
    some = adviser.get(LIST, {"sector": "government"})
    assert "3+ of 5 contacts" in some.content.decode()
    assert acts(some) == ["Write to these people", "Invite these people"]
    found = adviser.get(LIST, {"q": "voornaam"})
    assert "5 of 5 contacts" in found.content.decode()


def test_filtered_list_says_how_many_may_be_written_to_and_invited(adviser):
    fine, no, bounced = make_contact(), make_contact(), make_contact()
    make_contact(email=None)
    make_contact(family_name="Anders")
    record_consent(contact=no, purpose="invitation", allowed=False, source="form")
    bounced.contact_points.update(state=ContactPoint.State.BOUNCED)
    assert acts(adviser.get(LIST)) == []
    page = adviser.get(LIST, {"q": "berg"})
    assert page.context["found"] == 4
    assert acts(page) == ["Write to these 2", "Invite this 1"]
    assert fine.pk in [row.contact.pk for row, _cells in page.context["table"]]
    adviser.force_login(make_user(Role.CORE_TEAM))
    assert acts(adviser.get(LIST, {"q": "berg"})) == []


def test_inviting_a_list_begins_with_the_events_of_its_theme(adviser):
    theme, other = make_theme(), make_theme("financiering")
    make_event(in_days=-3, theme=theme)
    soon = make_event(in_days=4, theme=other, title_nl="Straks", title_en="Soon")
    later = make_event(in_days=9, theme=theme, title_nl="Later", title_en="Later")
    query = f"theme={theme.slug}&sector=research"
    page = adviser.get(f"{reverse('event_choose')}?{query}")
    assert page.context["events"] == [later, soon]
    link = f"{reverse('event_invite', args=[later.pk])}?sector=research&theme={theme.slug}"
    assert escape(link) in page.content.decode()
    assert adviser.get(reverse("event_choose"), {"sector": "x"})["Location"] == f"{LIST}?sector=x"


def test_selection_goes_along_to_the_event(adviser):
    segment = Segment.objects.create(name="Labs", filter={"sector": ["research"]}, owner=make_user())
    event = make_event()
    assert adviser.get(reverse("event_choose"), {"segment": segment.pk}).status_code == 404
    Segment.objects.update(shared=True)
    page = adviser.get(reverse("event_choose"), {"segment": segment.pk})
    assert f"{reverse('event_invite', args=[event.pk])}?segment={segment.pk}" in page.content.decode()


def test_writing_to_a_list_is_a_draft_to_exactly_those_people(adviser):
    here = make_contact(organisation=make_organisation("Lab", "research"))
    make_contact(family_name="Anders")
    path = f"{reverse('composition_new')}?sector=research"
    form = adviser.get(path).context["form"]
    assert "service" not in dict(form.fields["kind"].choices)
    adviser.post(path, {"kind": "announcement", "title": "Juni"})
    mailing = Mailing.objects.get()
    assert [one.contact for one in mailing.recipients.filter(included=True)] == [here]
    assert mailing.audience["include"]["people"] == [here.pk]


def test_writing_to_a_selection_goes_to_whoever_is_in_it(adviser):
    segment = Segment.objects.create(
        name="Labs", filter={"sector": ["research"]}, owner=make_user(), shared=True
    )
    adviser.post(
        f"{reverse('composition_new')}?segment={segment.pk}", {"kind": "announcement", "title": "Juni"}
    )
    assert Mailing.objects.get().audience["include"]["segments"] == [segment.pk]


def test_long_list_is_kept_as_a_selection_before_one_writes_to_it(adviser, monkeypatch):
    monkeypatch.setattr("engagement.compositions.views.MOST_PICKED", 1)
    people(2)
    response = adviser.get(f"{reverse('composition_new')}?sector=government")
    assert response["Location"] == f"{reverse('segment_new')}?sector=government"


def test_filters_come_when_they_are_asked_for_and_keep_what_was_chosen(adviser):
    theme = make_theme()
    page = adviser.get(LIST, {"theme": theme.slug, "q": "x"})
    kept = f'<input type="hidden" name="theme" value="{theme.slug}">'
    assert kept in page.content.decode()
    assert 'name="department"' not in page.content.decode()
    for response in (
        adviser.get(reverse("contact_filters"), {"theme": theme.slug}),
        adviser.get(LIST, {"theme": theme.slug, "filters": "all"}),
    ):
        fields = response.content.decode()
        assert 'name="department"' in fields
        assert f'name="theme" value="{theme.slug}"' in fields
        assert kept not in fields
