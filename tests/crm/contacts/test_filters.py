"""The filter that list, API and audiences share."""

from datetime import date

import pytest
from django.http import QueryDict

from crm.contacts.filters import ContactFilter
from crm.contacts.models import Contact
from crm.preferences.services import record_consent
from tests.factories import make_contact, make_organisation, make_seat, make_term, make_theme

pytestmark = pytest.mark.django_db


def names(query: str) -> list[str]:
    found = ContactFilter(QueryDict(query), Contact.objects.all()).qs
    return [contact.family_name for contact in found]


@pytest.fixture
def people() -> None:
    enschede = make_organisation("Gemeente Enschede", "government")
    twente = make_organisation("Universiteit Twente", "education", "research")
    make_contact(family_name="Berg", organisation=twente, email="berg@example.org")
    horst = make_contact(family_name="Horst", given_name="Zoë", infix="ter", organisation=twente)
    veld = make_contact(
        family_name="Veld", infix="in 't", organisation=enschede, last_heard_on=date(2026, 3, 1)
    )
    horst.themes.add(make_theme("battle-for-talent"))
    record_consent(contact=veld, purpose="newsletter", allowed=True, source="form")
    record_consent(contact=horst, purpose="invitation", allowed=False, source="form")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Berg", "Horst", "Veld"]),
        ("q=zoe", ["Horst"]),
        ("q=enschede", ["Veld"]),
        ("q=twente+berg", ["Berg"]),
        ("q=BERG@example", ["Berg"]),
        ("q=nobody", []),
        ("sector=government", ["Veld"]),
        ("sector=government&sector=research", ["Berg", "Horst", "Veld"]),
        ("theme=battle-for-talent", ["Horst"]),
        ("may_receive=newsletter", ["Veld"]),
        ("may_receive=invitation", ["Berg", "Veld"]),
        ("not_heard_since=2026-01-01", ["Berg", "Horst"]),
        ("not_heard_since=2026-03-02", ["Berg", "Horst", "Veld"]),
        ("q=twente&sector=research&theme=battle-for-talent", ["Horst"]),
    ],
)
def test_filter_finds(people, query, found):
    assert names(query) == found


def test_own_sector_of_an_affiliation_replaces_those_of_the_organisation(people):
    contact = Contact.objects.get(family_name="Berg")
    contact.affiliations.update(sector="research")
    assert names("sector=education") == ["Horst"]


def test_former_affiliation_does_not_speak(people):
    Contact.objects.get(family_name="Veld").affiliations.update(ended_on=date(2026, 1, 1))
    assert names("sector=government") == []


@pytest.mark.parametrize(
    "query",
    [
        "sector=x",
        "theme=x",
        "theme=a%00b",
        "may_receive=x",
        "not_heard_since=soon",
        "not_heard_since=2026-02-30",
        "q=a%00b",
        "q=" + "x" * 101,
    ],
)
def test_bad_value_is_an_error_and_filters_nothing(people, query):
    chosen = ContactFilter(QueryDict(query), Contact.objects.all())
    assert list(chosen.form.errors) == [query.split("=")[0]]
    assert not chosen.is_valid()
    assert names(query) == ["Berg", "Horst", "Veld"]


def test_body_gives_who_holds_a_seat_today(people):
    board, council = make_seat(), make_seat()
    berg, horst, veld = Contact.objects.all()
    make_term(seat=board, contact=berg, end="2021-12-31")
    make_term(seat=board, contact=horst, start="2022-01-01")
    make_term(seat=council, contact=veld)
    assert names(f"body={board.body.pk}") == ["Horst"]
    assert names(f"body={board.body.pk}&body={council.body.pk}") == ["Horst", "Veld"]
    assert names(f"body={board.body.pk}&sector=government") == []


@pytest.mark.parametrize("value", ["9" * 30, "x", "²", "%00"])
def test_bad_body_filters_nothing_and_is_an_error(people, value):
    chosen = ContactFilter(QueryDict(f"body={value}"), Contact.objects.all())
    assert not chosen.is_valid()
