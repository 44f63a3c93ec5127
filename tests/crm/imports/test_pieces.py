"""A list is planned a piece at a time: which piece a row falls in makes no difference."""

import gc
import weakref
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.exchange import cleaning
from crm.imports import background
from crm.imports.models import ImportBatch
from crm.imports.planning import plans as planning
from crm.imports.planning.contacts import ContactPlanner
from crm.imports.planning.file_index import FileIndex, Firsts
from crm.imports.planning.known import OWN_FIELDS, Job, Known, load_people
from crm.imports.planning.matching import Match, People
from crm.imports.planning.planned import PlannedRow
from crm.imports.planning.plans import Plan
from tests.crm.imports.plans import make_plan
from tests.factories import make_contact, make_organisation

HEADINGS = "Voornaam;Achternaam;Organisatie;E-mail;Telefoon;Functie\n"


def people() -> st.SearchStrategy[Known]:
    """Few names, so that they are often alike."""
    names = st.fixed_dictionaries(
        {
            "given_name": st.sampled_from(["", "Jan", "Joop", "Émile", "李"]),
            "initials": st.sampled_from(["", "J.", "J.H.", "É."]),
            "external_id": st.sampled_from(["", "", "12"]),
        }
    )
    return st.builds(
        lambda name, surname, emails, phones, places: Known(
            name={**dict.fromkeys(OWN_FIELDS, ""), **name},
            surname=surname,
            emails=emails,
            phones=[("mobile", number) for number in phones],
            jobs={place: Job(place) for place in places},
        ),
        names,
        st.sampled_from(["bos", "de boer"]),
        st.lists(st.sampled_from(["a@example.org", "b@example.org"]), max_size=1),
        st.lists(st.just("+31612345678"), max_size=1),
        st.lists(st.sampled_from(["saxion", "#12"]), max_size=1),
    )


@given(people(), people())
def test_whoever_would_match_is_found_again(earlier: Known, later: Known) -> None:
    earlier.row = PlannedRow(7, 8, "", [], {})
    index = FileIndex()
    index.note(earlier)
    if People([earlier]).match(later) is not None:
        assert index.positions([later]) == {7}


# Some of them come to one place.
@given(
    st.lists(
        st.tuples(st.integers(1, 2**64 - 1) | st.integers(1, 9).map(lambda n: n << 32), st.integers(1, 9))
    )
)
def test_first_under_a_key_is_what_a_dict_says(noted: list[tuple[int, int]]) -> None:
    firsts, expected = Firsts(), dict[int, int]()
    for key, number in noted:
        assert firsts.note(key, number) == expected.setdefault(key, number)
    assert [firsts.get(key) for key, _number in noted] == [expected[key] for key, _number in noted]
    assert firsts.get(2**63 + 1) == expected.get(2**63 + 1, 0)


def test_first_under_a_key_stays_when_there_are_many():
    firsts = Firsts()
    keys = [hash((number, "bos")) % 2**64 for number in range(1, 20_001)]
    for number, key in enumerate(keys, 1):
        firsts.note(key, number)
    assert [firsts.get(key) for key in keys] == list(range(1, 20_001))


@pytest.mark.django_db
@settings(deadline=None)  # it asks the database, which a busy machine may keep waiting
@given(st.lists(people(), min_size=1, max_size=4), st.lists(people(), min_size=1, max_size=3))
def test_planner_looks_up_whoever_would_match(there: list[Known], wanted: list[Known]) -> None:
    """Nobody is looked up by more than it takes to know them, and that changes nothing."""
    with transaction.atomic():
        saxion = make_organisation("Saxion").pk
        for person in [*there, *wanted]:
            person.jobs = {f"#{saxion}": Job("Saxion") for _place in person.jobs}
        numbers = [keep(person, saxion) for person in there if person.name["given_name"]]
        nearby = ContactPlanner(Plan("lijst.csv", "contacts", "", []))._people(wanted, set())
        everybody = People(load_people(numbers).values())
        for one in wanted:
            assert told(nearby.match(one)) == told(everybody.match(one))
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_telephone_that_another_row_led_to_is_looked_up_all_the_same() -> None:
    """Two namesakes share a number; a row with the e-mail of one of them does not decide for the next row."""
    for email in (None, "b@example.org"):
        jan = make_contact(given_name="Jan", initials="", infix="de", family_name="Boer", email=email)
        jan.contact_points.create(kind="mobile", value="+31612345678")
    headings = "Tussenvoegsel;Achternaam;E-mail;Mobiel\n"
    rows = "de;Boer;b@example.org;\nde;Boer;;0612345678\n"
    plan = make_plan((headings + rows).encode(), "lijst.csv")
    assert [(row.action, len(row.could_be)) for row in plan.rows] == [("same", 0), ("duplicate", 2)]


def keep(person: Known, organisation: int) -> int:
    name: dict[str, Any] = {**person.name, "family_name": person.surname, "language": "nl"}
    contact = make_contact(**name)
    contact.contact_points.all().delete()
    for kind, value in [*(("email", email) for email in person.emails), *person.phones]:
        contact.contact_points.create(kind=kind, value=value)
    for _place in person.jobs:
        contact.affiliations.create(organisation_id=organisation)
    return contact.pk


def told(match: Match | None) -> tuple[object, ...] | None:
    if match is None:
        return None
    several = sorted(one.contact_id or 0 for one in match.several)
    return match.person and match.person.contact_id, match.sure, several, match.same_code


def test_person_whom_no_row_changed_is_found_by_number() -> None:
    known = Known(dict.fromkeys(OWN_FIELDS, ""), "bos", contact_id=3, row=PlannedRow(7, 8, "", [], {}))
    index = FileIndex()
    index.note(known, changed=False)
    assert index.positions_of([3, 4]) == {7}


@pytest.mark.usefixtures("themes")
@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_rows_of_one_person_in_several_pieces(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr(planning, "PIECE", size)
    saxion = make_organisation("Saxion")
    make_contact(given_name="Jan", initials="", infix="", family_name="Bos", email="jan@example.org")
    make_contact(given_name="Mia", infix="", family_name="Vos", email=None, organisation=saxion)
    rows = [
        "Jan;Bos;;jan@example.org;;",  # known, nothing new
        "Mia;Vos;Saxion;;;director",
        "Jan;Bos;Saxion;jan@example.org;053-4801234;",  # the same again, with more
        "Jan;Bos;Saxion;jan@example.org;053-4801234;docent",
        "Mia;Vos;Saxion;;;",
        "Piet;Kok;;piet@example.org;;",
        "Piet;Kok;;piet@example.org;053-4805678;",
    ]
    plan = make_plan((HEADINGS + "\n".join(rows)).encode(), "lijst.csv")
    assert [(row.action, row.repeats and row.repeats.position, sorted(row.changes)) for row in plan.rows] == [
        ("same", None, []),
        ("same", None, []),
        ("repeated", 1, ["organisation", "phone"]),
        ("repeated", 1, ["job_title"]),
        ("duplicate", 2, []),  # perhaps a namesake: nothing but the name says so
        ("new", None, []),
        ("repeated", 6, ["phone"]),
    ]


def test_cell_that_is_no_address_keeps_nothing_in_memory() -> None:
    class Piece:
        """The rows that are being read."""

    alive: list[weakref.ref[Piece]] = []

    def read() -> None:
        rows = Piece()
        alive.append(weakref.ref(rows))
        assert cleaning.emails_in("jan@-nergens") == ([], ["jan@-nergens"])
        assert cleaning.website_of("http://") == ""
        assert cleaning.tags_in("lang " * 50)[0] == []

    gc.disable()
    try:
        read()
        assert alive[0]() is None
    finally:
        gc.enable()


def test_collector_is_left_as_it_was(monkeypatch: pytest.MonkeyPatch, db: Any) -> None:
    before, during = gc.get_threshold(), []

    def fail(batch: ImportBatch, claim: Any) -> None:
        during.append(gc.get_threshold())
        raise RuntimeError

    monkeypatch.setattr(background, "_take_a_step", fail)
    with pytest.raises(RuntimeError):
        background.work_through(ImportBatch.objects.create(state=ImportBatch.State.QUEUED))
    assert during[0] > before == gc.get_threshold()
