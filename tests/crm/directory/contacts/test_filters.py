"""The filter that list, API and audiences share."""

from datetime import date, timedelta

import pytest
from django.http import QueryDict
from django.utils import timezone

from crm.contacts.models import Contact
from crm.directory.contacts.filters import ContactFilter
from crm.imports.models import ImportBatch
from crm.organisations.models import Organisation
from crm.preferences.services import record_consent
from crm.provenance.models import Provenance
from crm.provenance.services import note_told
from engagement.events.models import AttendedKind
from tests.factories import (
    make_contact,
    make_organisation,
    make_seat,
    make_tag,
    make_term,
    make_theme,
    make_user,
)

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


@pytest.mark.same_on_both
@pytest.mark.parametrize(
    "query",
    [
        "sector=x",
        "theme=x",
        "theme=a%00b",
        "may_receive=x",
        "tag=x",
        "tag=999999",
        "organisation=a%00b",
        "organisation=" + "x" * 201,
        "attended=x",
        "spoke_on=x",
        "spoke_on=a%00b",
        "source=x",
        "source=import-999999",
        "heard=x",
        "heard_since=soon",
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


def test_tags_of_any_kind_that_is_ticked(people):
    berg, horst, _veld = Contact.objects.all()
    spoke, guest = make_tag("spoke"), make_tag("guest")
    berg.tags.add(spoke)
    horst.tags.add(guest)
    assert names(f"tag={spoke.pk}") == ["Berg"]
    assert names(f"tag={spoke.pk}&tag={guest.pk}") == ["Berg", "Horst"]
    assert names(f"tag={spoke.pk}&theme=battle-for-talent") == []


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("Universiteit Twente", ["Berg", "Horst"]),
        ("universiteit  twente", ["Berg", "Horst"]),
        ("UT", ["Berg", "Horst"]),
        ("enschede", ["Veld"]),
        ("niversit", ["Berg", "Horst"]),
        ("nowhere", []),
    ],
)
def test_organisation_by_its_name_an_alias_or_a_part(people, name, found):
    Organisation.objects.get(name="Universiteit Twente").aliases.create(name="UT")
    assert names(f"organisation={name}") == found


def test_organisation_is_where_somebody_works_now(people):
    Contact.objects.get(family_name="Veld").affiliations.update(ended_on=date(2026, 1, 1))
    assert names("organisation=enschede") == []


def test_exact_name_wins_over_those_in_which_it_occurs(people):
    make_contact(family_name="Zand", organisation=make_organisation("Stichting Gemeente Enschede Nu"))
    assert names("organisation=Gemeente Enschede") == ["Veld"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("heard=never", ["Berg", "Horst"]),
        ("heard=ever", ["Veld"]),
        ("heard_since=2026-03-01", ["Veld"]),
        ("heard_since=2026-03-02", []),
        ("heard=ever&not_heard_since=2026-03-02", ["Veld"]),
        ("heard=ever&not_heard_since=2026-03-01", []),
    ],
)
def test_when_somebody_was_heard(people, query, found):
    assert names(query) == found


def test_who_is_to_be_told_where_the_data_come_from(people):
    berg, horst, veld = Contact.objects.all()
    today = timezone.localdate()
    for contact, day in (
        (berg, today),
        (horst, today - timedelta(days=1)),
        (veld, today - timedelta(days=1)),
    ):
        Provenance.objects.create(contact=contact, source="list.csv", obtained_on=day, tell_by=day)
    note_told(people=Provenance.objects.filter(contact=veld), by=make_user())
    assert names("told=open") == ["Berg", "Horst"]
    assert names("told=late") == ["Horst"]


def test_kind_of_event_attended(people):
    berg, horst, _veld = Contact.objects.all()
    AttendedKind.objects.create(contact=berg, kind="workshop")
    AttendedKind.objects.create(contact=horst, kind="meeting")
    assert names("attended=workshop") == ["Berg"]
    assert names("attended=workshop&attended=meeting") == ["Berg", "Horst"]


def test_source_by_hand_any_spreadsheet_or_this_one(people):
    berg, horst, _veld = Contact.objects.all()
    first, second = (ImportBatch.objects.create(kind="contacts", file_name=f"{n}.csv") for n in "ab")
    for person, batch in ((berg, first), (horst, second)):
        Contact.objects.filter(pk=person.pk).update(origin="import", import_batch=batch)
    assert names("source=hand") == ["Veld"]
    assert names("source=import") == ["Berg", "Horst"]
    assert names(f"source=import-{first.pk}") == ["Berg"]
    assert names(f"source=hand&source=import-{second.pk}") == ["Horst", "Veld"]


def test_ticked_ones_and_who_of_them_is_gone(people):
    berg, _horst, veld = Contact.objects.all()
    assert names(f"pick={berg.pk}&pick={veld.pk}&pick={10**9}&pick=x") == ["Berg", "Veld"]
    assert names(f"pick={10**9}") == []


@pytest.mark.same_on_both
@pytest.mark.parametrize(
    "purpose", ["invitation", "reminder", "newsletter", "interview", "feedback", "service"]
)
def test_every_purpose_leaves_out_who_said_no(people, purpose):
    berg = Contact.objects.get(family_name="Berg")
    record_consent(contact=berg, purpose=purpose, allowed=False, source="form")
    assert "Berg" not in names(f"may_receive={purpose}")
    record_consent(contact=berg, purpose=purpose, allowed=True, source="form")
    assert "Berg" in names(f"may_receive={purpose}")
