"""Layouts as offices make them: group words, crosses per O, functions behind names."""

# ruff: noqa: E501
import io
from typing import Any

import openpyxl
import pytest

from crm.imports.planning.plans import Plan
from tests.crm.imports.plans import make_plan
from tests.crm.imports.test_layouts import workbook
from tests.crm.imports.workbooks import ods

pytestmark = [pytest.mark.django_db, pytest.mark.same_on_both, pytest.mark.usefixtures("themes")]


def plan_text(text: str) -> Plan:
    return make_plan(text.encode(), "lijst.csv")


def values_of(plan: Plan, *names: str) -> list[tuple[Any, ...]]:
    return [tuple(row.values[name] for name in names) for row in plan.rows]


def test_group_word_in_front_of_every_heading() -> None:
    plan = plan_text(
        "Persoon voornaam;Persoon tussenvoegsel;Persoon achternaam;Persoon m/v;Persoon voorletters;E-mail\n"
        "Jan;van den;Berg;m;J.A.;j@example.org\n"
    )
    assert values_of(plan, "given_name", "initials", "infix", "family_name", "form_of_address") == [
        ("Jan", "J.A.", "van den", "Berg", "heer")
    ]


def test_two_heading_rows() -> None:
    rows: list[list[Any]] = [
        ["Persoon", None, None, None, "Contact"],
        ["Voornaam", "Tussenvoegsel", "Achternaam", "m/v", "E-mail"],
        ["Jan", "van den", "Berg", "m", "j@example.org"],
        ["Els", "", "Bos", "v", "e@example.org"],
    ]
    plan = make_plan(workbook(("Lijst", rows)), "lijst.xlsx")
    assert values_of(plan, "given_name", "infix", "family_name", "form_of_address", "email") == [
        ("Jan", "van den", "Berg", "heer", "j@example.org"),
        ("Els", "", "Bos", "mevrouw", "e@example.org"),
    ]


def test_hidden_rows_and_formulas_of_libreoffice_are_said() -> None:
    cell = "<table:table-cell><text:p>{}</text:p></table:table-cell>"
    rows = "".join(
        f"<table:table-row{state}>{cell.format(name)}{mail}</table:table-row>"
        for state, name, mail in (
            ("", "Naam", cell.format("E-mail")),
            (' table:visibility="filter"', "Jan Bos", cell.format("jan@example.org")),
            ("", "Els Vos", '<table:table-cell table:formula="of:=A1"/>'),
            ("", "Kees Smit", cell.format("kees@example.org")),
        )
    )
    plan = make_plan(ods(rows), "lijst.ods")
    assert len(plan.rows) == 3
    assert plan.remarks == [("file.hidden_rows", {"rows": "2"}), ("file.no_result", {"cells": "B3"})]


def test_person_at_the_attention_of_whom_it_is_sent() -> None:
    plan = plan_text(
        "Bedrijf;T.a.v.;E-mail\nSaxion;De heer J. van den Berg;j@example.org\nUT;Mevrouw A. Bos;a@example.org\n"
    )
    assert values_of(plan, "organisation", "form_of_address", "initials", "infix", "family_name") == [
        ("Saxion", "heer", "J.", "van den", "Berg"),
        ("UT", "mevrouw", "A.", "", "Bos"),
    ]


def test_function_behind_the_name_where_the_heading_says_so() -> None:
    plan = plan_text(
        "Organisatie;Naam (functie);E-mail\nSaxion;Jan van den Berg (denker);j@example.org\nUT;Els Bos;e@example.org\n"
    )
    assert values_of(plan, "organisation", "given_name", "family_name", "job_title") == [
        ("Saxion", "Jan", "Berg", "denker"),
        ("UT", "Els", "Bos", ""),
    ]


def test_crosses_in_a_column_per_o_and_per_theme() -> None:
    plan = plan_text(
        "Naam;E-mail;Onderwijs;Onderzoek;Ondernemers;Overheid;Duurzaamheid;Thema Talent\n"
        "Jan Bos;j@example.org;x;;;;x;\nEls Bos;e@example.org;;;;X;;ja\nKees Bos;k@example.org;x;;x;;;nee\n"
    )
    assert values_of(plan, "sector", "themes") == [
        ("education", ["Duurzaamheid"]),
        ("government", ["Battle for talent"]),
        ("education", []),
    ]
    assert [[code for code, _params in row.reason] for row in plan.rows] == [[], [], ["cell.other_sectors"]]
    assert all(field for _heading, field in plan.columns)


def test_contacts_of_google_before_2024() -> None:
    plan = plan_text(
        "Name,Given Name,Family Name,Yomi Name,Group Membership,E-mail 1 - Type,E-mail 1 - Value,Phone 1 - Type,"
        "Phone 1 - Value,Organization 1 - Type,Organization 1 - Name,Organization 1 - Title,"
        "Organization 1 - Job Description\n"
        "Jan van den Berg,Jan,van den Berg,,* myContacts ::: Kerngroep,* Work,jan@example.org ::: j@example.net,"
        "Mobile,06-12345678 ::: 053-4891234,,Saxion,docent,\n"
    )
    assert values_of(
        plan, "organisation", "job_title", "email", "other_emails", "mobile", "phone", "tags"
    ) == [
        (
            "Saxion",
            "docent",
            "jan@example.org",
            ["j@example.net"],
            "+31612345678",
            "+31534891234",
            ["Kerngroep"],
        )
    ]
    assert plan.rows[0].reason == ()


def test_organisation_alone_in_a_row_is_that_of_the_people_below() -> None:
    plan = plan_text(
        "Naam;Functie;E-mail;Telefoon\nSaxion;;;\nJan Bos;docent;j@example.org;\nEls Bos;rector;e@example.org;\n"
        "Demcon B.V.;;;\nKees Bos;CEO;k@example.org;\n"
    )
    assert values_of(plan, "family_name", "given_name", "organisation", "job_title") == [
        ("Bos", "Jan", "Saxion", "docent"),
        ("Bos", "Els", "Saxion", "rector"),
        ("Bos", "Kees", "Demcon B.V.", "CEO"),
    ]
    assert [(code, params["row"]) for row in plan.rows for code, params in row.reason] == [
        ("row.section", 2),
        ("row.section", 2),
        ("row.section", 5),
    ]
    assert plan.remarks == [("import.section_rows", {"count": 2})]


def test_person_of_whom_only_the_name_is_known_stays_a_person() -> None:
    plan = plan_text(
        "Naam;Functie;E-mail\nJan Bos;docent;j@example.org\nKees Smit;;\nEls Bos;;e@example.org\n"
    )
    assert [row.values["family_name"] for row in plan.rows] == ["Bos", "Smit", "Bos"]


def test_text_that_was_saved_twice_is_repaired_and_said() -> None:
    right = ["Zoë", "Müller-Çelik", "Café Œuvre – ’t Hof"]
    broken = [text.encode().decode("cp1252") for text in right]
    plan = plan_text("Voornaam;Achternaam;Organisatie\n" + ";".join(broken) + "\nZoë;Bão;Ü–Ä\n")
    assert values_of(plan, "given_name", "family_name", "organisation") == [
        ("Zoë", "Müller-Çelik", "Café Œuvre – ’t Hof"),
        ("Zoë", "Bão", "Ü–Ä"),
    ]
    assert [[code for code, _params in row.reason] for row in plan.rows] == [["row.repaired"] * 3, []]


def test_hidden_rows_and_formulas_without_a_result_are_said() -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (
        ["Naam", "E-mail", "Organisatie"],
        ["Jan Bos", "j@example.org", "UT"],
        ["Els Bos", "e@example.org", "=C2"],
    ):
        sheet.append(row)
    sheet.row_dimensions[2].hidden = True
    stream = io.BytesIO()
    book.save(stream)
    plan = make_plan(stream.getvalue(), "lijst.xlsx")
    assert values_of(plan, "given_name", "organisation") == [("Jan", "UT"), ("Els", "")]
    assert plan.remarks == [("file.hidden_rows", {"rows": "2"}), ("file.no_result", {"cells": "C3"})]


def test_other_words_beside_names_where_the_heading_says_so() -> None:
    plan = plan_text(
        "Organisatie;Contactpersoon + functie\nProefbouw;Cas Bos - inkoper\nTest;Els Vos, chef\n"
    )
    assert values_of(plan, "given_name", "family_name", "job_title") == [
        ("Cas", "Bos", "inkoper"),
        ("Els", "Vos", "chef"),
    ]
    assert [row.reason for row in plan.rows] == [(), ()]
    plan = plan_text('Functie en naam;E-mail\nchef: Els Vos;e@example.org\n"Jan Bos\nchef";j@example.org\n')
    assert values_of(plan, "family_name", "job_title") == [("Vos", "chef"), ("Bos", "chef")]
    plan = plan_text('Organisatie;"Naam, afdeling"\nProef;"Jan Bos, Wonen"\n')
    assert values_of(plan, "family_name", "department") == [("Bos", "Wonen")]
    plan = plan_text("Organisatie;Naam (afdeling)\nProefdam;Cas Bos (Wonen)\nProefdam;Els Vos (Zorg)\n")
    assert values_of(plan, "family_name", "department") == [("Bos", "Wonen"), ("Vos", "Zorg")]


def test_name_of_an_organisation_in_brackets_is_known_by_the_cells() -> None:
    plan = plan_text("Naam (organisatie);E-mail\nCas Bos (Proefbouw);c@example.org\n")
    assert values_of(plan, "family_name", "organisation") == [("Bos", "Proefbouw")]
    plan = plan_text("Voornaam;Achternaam;Naam (organisatie)\nCas;Bos;Proefbouw\n")
    assert values_of(plan, "family_name", "organisation") == [("Bos", "Proefbouw")]


def test_second_given_names_and_infixes_share_a_column() -> None:
    plan = plan_text("First Name,Middle Name,Last Name\nNed,James,Proef\nPat,van,Test\nXena,M.,Proef\n")
    assert values_of(plan, "given_name", "initials", "infix", "family_name") == [
        ("Ned James", "", "", "Proef"),
        ("Pat", "", "van", "Test"),
        ("Xena", "X.M.", "", "Proef"),
    ]


def test_os_alone_in_a_row_hold_for_those_below() -> None:
    plan = plan_text(
        "Naam;Organisatie;E-mail\nOnderwijs;;\nJan Bos;Proef;j@example.org\n;;Overheid:\nEls Vos;Test;e@example.org\n"
    )
    assert values_of(plan, "family_name", "sector") == [("Bos", "education"), ("Vos", "government")]
    assert [list(row.reason) for row in plan.rows] == [
        [("row.sector_section", {"sector": "education", "row": 2})],
        [("row.sector_section", {"sector": "government", "row": 4})],
    ]


def test_organisations_that_were_merged_downwards_are_said() -> None:
    head, people = "Organisatie;Naam\n", ["Proef;Jan Bos", ";Els Vos", "Test;Kees Smit", ";Ans Kok"]
    plan = plan_text(head + "\n".join(people))
    assert values_of(plan, "organisation") == [("Proef",), ("Proef",), ("Test",), ("Test",)]
    assert list(plan.rows[1].reason) == [("row.from_above", {"name": "Proef", "row": 2})]


@pytest.mark.parametrize(
    "people", [["Proef;Jan Bos", ";Els Vos", "Test;Kees Smit"], [";Els Vos", "Test;K. Smit"]]
)
def test_who_has_no_organisation_gets_none_from_above(people: list[str]) -> None:
    plan = plan_text("Organisatie;Naam\n" + "\n".join(people))
    assert plan.rows[people.index(";Els Vos")].values["organisation"] == ""


def test_character_that_was_lost_is_said() -> None:
    plan = plan_text("Naam;E-mail\nZo\ufffd Proef;z@example.org\n")
    assert list(plan.rows[0].reason) == [("row.lost_character", {"text": "Zo\ufffd Proef"})]
