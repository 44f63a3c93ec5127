"""Searching contacts, the same on both databases, and the documents that it reads."""

import random
from datetime import date

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from crm.base.happenings import Telling
from crm.contacts import models
from crm.contacts.indexing import Newcomer, documents, follow
from crm.contacts.models import Contact
from crm.contacts.search_documents import SearchDocument
from crm.contacts.search_words import search_terms
from crm.contacts.services import AffiliationInput, PointInput, save_contact
from crm.organisations.services import save_organisation
from tests.factories import make_contact, make_organisation, make_user

pytestmark = pytest.mark.django_db

QUESTIONS = [
    ("vd berg", {"van den Berg", "van der Berg"}),
    ("v.d. berg", {"van den Berg", "van der Berg"}),
    ("v/d Berg", {"van den Berg", "van der Berg"}),
    ("v. d. berg", {"van den Berg", "van der Berg"}),
    ("vd.berg", {"van den Berg", "van der Berg"}),
    ("berg van den", {"van den Berg", "van der Berg"}),
    ("van der berg", {"van den Berg", "van der Berg"}),
    ("berg, jan", {"van den Berg"}),
    ("berg", {"van den Berg", "van der Berg", "Bergsma"}),
    ("özgur", {"Yıldız"}),
    ("ozgur", {"Yıldız"}),
    ("OZGÜR yildiz", {"Yıldız"}),
    ("ildi", {"Yıldız"}),
    ("j.p. bergsma", {"Bergsma"}),
    ("jp bergsma", {"Bergsma"}),
    ("p bergsma", {"Bergsma"}),
    ("in 't veld", {"in 't Veld"}),
    ("veld t", {"in 't Veld"}),
    ("o.yil", {"Yıldız"}),
    ("yildiz@twente", {"Yıldız"}),
    ("@TWENTE.example.org", {"Yıldız"}),
    ("twente.example", {"van den Berg", "Yıldız"}),
    ("universit", {"van den Berg", "Yıldız"}),
    ("UT berg", {"van den Berg"}),
    ("gemeente", {"in 't Veld"}),
    ("be", {"van den Berg", "van der Berg", "Bergsma"}),
    ("er", set()),
    ("ve", {"in 't Veld"}),
    ("y", {"Yıldız"}),
    ("former", set()),
    ('"', {"van den Berg", "van der Berg", "Bergsma", "Yıldız", "in 't Veld"}),
    ("%", {"van den Berg", "van der Berg", "Bergsma", "Yıldız", "in 't Veld"}),
    ('a"b@c', set()),
    ("x%@_", set()),
    ("@", {"van den Berg", "van der Berg", "Bergsma", "Yıldız", "in 't Veld"}),
    ("berg nobody", set()),
]


@pytest.fixture
def people() -> None:
    university = make_organisation("Universiteit Twente", "research")
    university.aliases.create(name="UT")
    former = make_organisation("Former B.V.")
    jan = make_contact(organisation=university, email="jan@example.org")
    jan.affiliations.create(organisation=former, ended_on=date(2024, 1, 1))
    make_contact(given_name="Kees", initials="K.", infix="van der", email="kees@example.org")
    make_contact(given_name="", initials="J.P.", infix="", family_name="Bergsma", email=None)
    make_contact(
        given_name="Özgür", initials="Ö.", infix="", family_name="Yıldız", email="o.yildiz@twente.example.org"
    ).affiliations.create(organisation=university)
    make_contact(
        given_name="Noor",
        initials="N.",
        infix="in 't",
        family_name="Veld",
        organisation=make_organisation("Gemeente Enschede"),
        email="noor@example.org",
    )
    call_command("rebuild_search")


def found(question: str) -> set[str]:
    return {" ".join(filter(None, (one.infix, one.family_name))) for one in Contact.objects.search(question)}


@pytest.mark.parametrize(("question", "names"), QUESTIONS, ids=[question for question, _ in QUESTIONS])
def test_search_finds(people, question, names):
    assert found(question) == names


def test_reading_finds_what_the_index_finds(people, monkeypatch):
    """Both ways of looking give the same; which one is taken depends on how many there are."""
    monkeypatch.setattr(models, "MANY", 0)
    assert {question: found(question) for question, _ in QUESTIONS} == dict(QUESTIONS)


def test_newcomers_get_their_documents_without_a_question():
    """Any question, even an empty transaction, makes an import wait for what it has only begun to write."""
    new = Contact.objects.create(family_name="Voermans")
    with transaction.atomic(), CaptureQueriesContext(connection) as asked:
        follow(Telling([], newcomers=[Newcomer(new.pk, "", "Voermans", "", "", [], [])]))
    assert [one["sql"] for one in asked if "INSERT" not in one["sql"]] == []
    assert found("voermans") == {"Voermans"}


@pytest.mark.parametrize("seed", range(5))
def test_index_reading_and_plain_python_agree_on_pieces_of_the_documents(people, seed):
    chance = random.Random(seed)
    texts = list(SearchDocument.objects.values_list("text", flat=True))
    for _ in range(60):
        text = chance.choice(texts).strip()
        start = chance.randrange(len(text))
        terms = search_terms(text[start : start + chance.randint(1, 12)])
        expected = {one.pk for one in SearchDocument.objects.all() if all(term in one.text for term in terms)}
        if terms:
            assert {one.pk for one in SearchDocument.objects.holding(terms)} == expected, terms
            assert {one.pk for one in SearchDocument.objects.reading(terms)} == expected, terms


def test_random_edits_leave_the_documents_equal_to_a_recount():
    chance, user = random.Random(4), make_user()
    organisations = [make_organisation(f"Bedrijf {letter}") for letter in "ABC"]
    people: list[Contact | None] = [None, None, None, None]
    for step in range(40):
        index = chance.randrange(len(people))
        if chance.random() < 0.3:
            place = chance.choice(organisations)
            name = chance.choice([place.name, f"Zaak {step}"])
            save_organisation(
                organisation=place, name=name, sectors=[], primary="", aliases=[f"Alias {step}"], actor=user
            )
        else:
            people[index] = save_contact(
                contact=people[index],
                fields={"family_name": f"Naam{step}", "infix": chance.choice(["", "van de"])},
                themes=[],
                points=[PointInput("email", f"p{step}@example.org"), PointInput("phone", "+31534891234")],
                affiliations=[
                    AffiliationInput(one, ended_on=chance.choice([None, date(2025, 1, 1)]))
                    for one in chance.sample(organisations, 2)
                ],
                actor=user,
            )
    assert dict(SearchDocument.objects.values_list("pk", "text")) == documents(
        list(Contact.objects.values_list("pk", flat=True))
    )
    assert Contact.objects.search(f"p{step}@example.org").count() <= 1


def test_whoever_is_gone_is_not_found(people):
    Contact.objects.get(family_name="Bergsma").delete()
    assert found("bergsma") == set()
    assert set(SearchDocument.objects.holding(["bergsma"])) == set()


def test_renamed_organisation_is_found_by_its_new_name(people):
    veld = Contact.objects.get(family_name="Veld")
    organisation = veld.affiliations.get().organisation
    save_organisation(
        organisation=organisation,
        name="Stad",
        sectors=[],
        primary="",
        aliases=["Twekkelo"],
        actor=make_user(),
    )
    assert [found(question) for question in ("stad", "twekkelo", "enschede")] == [
        {"in 't Veld"},
        {"in 't Veld"},
        set(),
    ]


def test_rebuild_search_writes_what_is_missing(people):
    SearchDocument.objects.all().delete()
    assert found("berg") == set()
    call_command("rebuild_search")
    assert found("berg") == {"van den Berg", "van der Berg", "Bergsma"}
