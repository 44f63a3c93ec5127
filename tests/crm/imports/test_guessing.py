"""Lists of which no heading says what the columns hold."""

import pytest

from crm.imports.columns.headings import field_of
from crm.imports.columns.mapping import Mapping, map_columns
from crm.imports.planning.layouts import Layout, is_clear
from tests.crm.imports.plans import make_plan

pytestmark = [pytest.mark.django_db, pytest.mark.same_on_both, pytest.mark.usefixtures("themes")]


def fields_of(*rows: str) -> list[str]:
    return map_columns([], [row.split(";") for row in rows]).fields


def test_infixes_between_two_columns_tell_the_parts_of_a_name() -> None:
    found = fields_of("Bas;de;Bos;Testzorg BV;b@example.org", "Els;van;Dam;Proefbank;e@example.org")
    assert found == ["given_name", "infix", "family_name", "organisation", "email"]


def test_words_of_the_address_tell_which_column_holds_the_names() -> None:
    found = fields_of(
        "Gemeente Proef;Jan Bos;directeur;jan@example.org", "Stichting Test;Els Dam;docent;dam@example.org"
    )
    assert found == ["organisation", "full_name", "job_title", "email"]


@pytest.mark.parametrize(
    ("rows", "names"),
    [
        (("Jan;Bos;jan.bos@example.org", "Els;Dam;e.dam@example.org"), ["given_name", "family_name"]),
        (("Bos;Jan;jan.bos@example.org", "Dam;Els;e.dam@example.org"), ["family_name", "given_name"]),
    ],
)
def test_given_name_is_what_an_address_begins_with(rows: tuple[str, ...], names: list[str]) -> None:
    assert fields_of(*rows) == [*names, "email"]


def test_attention_marks_the_person_below_the_organisation() -> None:
    rows = [
        ["Testlab", "t.a.v. dhr. J. Bos", "j@example.org"],
        ["Proefbank", "t.a.v. mw. E. Dam", "e@example.org"],
    ]
    assert map_columns(["Regel 1", "Regel 2", "E-mail"], rows).fields == [
        "organisation",
        "full_name",
        "email",
    ]


def test_list_without_headings_is_told_and_looked_at_first() -> None:
    plan = make_plan(b"Jan\tBos\tjan.bos@example.org\nEls\tDam\te.dam@example.org\n", "lijst.tsv")
    assert [said.code for said in plan.remarks] == ["import.columns_by_values"]
    mapping = Mapping(["", "", ""], ["given_name", "family_name", "email"])
    assert not is_clear(Layout("contacts", mapping))


@pytest.mark.parametrize(
    ("headings", "first", "fields"),
    [
        (["Relatie", "T.a.v."], "Testlab", ["organisation", "full_name"]),
        (["Naam", "Contactpersoon"], "Gemeente Proef", ["organisation", "full_name"]),
        (["Naam", "Contactpersoon"], "Jan Bos", ["full_name", ""]),
    ],
)
def test_of_two_columns_for_names_one_may_be_the_organisation(
    headings: list[str], first: str, fields: list[str]
) -> None:
    assert map_columns(headings, [[first, "Els Dam"]]).fields == fields


def test_empty_column_leaves_its_place_to_a_later_one() -> None:
    rows = [["", "Jan Bos", "docent"]]
    assert map_columns(["Occupation", "Name", "Job title"], rows).fields == ["", "full_name", "job_title"]


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Organisatie 1 - Type", "-"),
        ("Organisatie 1 - Naam", "organisation"),
        ("Organisatie 1 - Titel", "job_title"),
        ("Naamachtervoegsel", "titles_after"),
        ("Type organisatie", "sector_like"),
        ("Aanschrijving", "form_of_address"),
        ("Werktelefoon", "phone"),
        ("Volgende afspraak datum", "-"),
        ("Laatst gewijzigd op", ""),
        ("Aantal medewerkers", ""),
    ],
)
def test_headings_mean(heading: str, field: str) -> None:
    assert field_of(heading) == field


@pytest.mark.parametrize(
    "text",
    [
        "Huurder;Contactpersoon;E-mail\nGlaswerk Oost;Jan Bos;jan@glaswerkoost.example.org\n",
        "Naam;Ziekenhuis;E-mail\nJan Bos;Ziekenhuis De Brug;jan@debrug.example.org\n",
        "Bedrijf;Praktijkopleider;E-mail\nGarage Veld;Jan Bos;jan.bos@example.org\n",
        "Naam corporatie;Tav;Mail\nStichting Woonland;t.a.v. dhr. J. Bos;j.bos@example.org\n",
    ],
)
def test_heading_that_says_nothing_is_read_by_what_stands_below_and_that_is_said(text: str) -> None:
    plan = make_plan(text.encode(), "lijst.csv")
    (row,) = plan.rows
    assert row.action == "new"
    assert row.values["family_name"] == "Bos"
    assert row.values["organisation"] == text.split("\n")[1].split(";")[text.startswith("Naam;")]
    assert bool(plan.remarks) is not text.startswith("Naam corporatie")


def test_column_that_is_no_organisation_is_left_and_named() -> None:
    plan = make_plan(b"Naam;Opmerking;E-mail\nJan Bos;belt terug;jan@example.org\n", "lijst.csv")
    assert plan.rows[0].values["organisation"] == ""
    assert [remark[0] for remark in plan.remarks] == ["import.columns_not_read"]


def test_words_in_front_of_a_theme_do_not_hide_it_but_no_does() -> None:
    headings = "Naam;E-mail;Belang bij duurzaamheid;Geen interesse in financiering"
    plan = make_plan(
        f"{headings}\nJan Bos;jan@example.org;1;1\nEls Dam;els@example.org;0;1\n".encode(), "a.csv"
    )
    assert [row.values["themes"] for row in plan.rows] == [["Duurzaamheid"], []]
