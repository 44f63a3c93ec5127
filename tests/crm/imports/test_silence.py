"""Whatever a list holds and the plan does not, or only by a guess, is said: of its row or of the plan."""

from typing import Any

import pytest
from django.utils import translation

from crm.base.said import told
from crm.imports.planning.plans import Plan
from tests.crm.imports.plans import make_plan

pytestmark = [pytest.mark.django_db, pytest.mark.same_on_both, pytest.mark.usefixtures("themes")]


def plan_text(text: str, kind: str = "") -> Plan:
    return make_plan(text.encode(), "lijst.csv", kind=kind)


def said(plan: Plan) -> list[tuple[str, dict[str, Any]]]:
    return [(code, dict(params)) for code, params in plan.remarks]


def in_english(plan: Plan) -> str:
    with translation.override("en"):
        return told(plan.remarks)


def test_second_column_for_one_field_is_said() -> None:
    plan = plan_text("Naam;Functie;Rol;E-mail\nJan Bos;docent;lid;jan@example.org\n")
    about = {"heading": "Rol", "field": "job_title", "taken": "Functie"}
    assert said(plan) == [("import.column_twice", about)]
    assert in_english(plan) == "“Rol” was not read: there is one job title, taken from “Functie”."


def test_columns_without_a_meaning_are_named_where_something_stands_in_them() -> None:
    plan = plan_text(
        "Naam;E-mail;Fax;Schoenmaat;Leeg;Adres\nJan Bos;jan@example.org;053-4891234;43;;Proefstraat 1;los\n"
    )
    assert said(plan) == [("import.columns_not_read", {"columns": ["Fax", "Schoenmaat", "Adres", 7]})]
    assert in_english(plan) == "These columns were not read: “Fax”, “Schoenmaat”, “Adres”, column 7."


def test_column_whose_cells_contradict_its_heading_is_said() -> None:
    plan = plan_text("Naam;E-mail;Organisatie\nJan Bos;kamer 12;17\nEls Smit;kamer 13;18\n")
    assert said(plan) == [
        ("import.column_contradicted", {"heading": "E-mail", "field": "email"}),
        ("import.column_contradicted", {"heading": "Organisatie", "field": "organisation"}),
    ]


@pytest.mark.parametrize(
    ("days", "guessed"),
    [
        (["3/4/2026", "5/6/2026"], True),
        (["3/4/2026", "13/4/2026"], False),
        (["3/4/2026", "4/13/2026"], False),
        (["3/4/2026", "13-4-2026"], False),
        (["3-4-2026"], False),
        (["4/4/2026"], False),
        (["2026/4/3"], False),
    ],
)
def test_dates_that_nothing_decides_are_said_to_be_read_with_the_day_first(
    days: list[str], guessed: bool
) -> None:
    plan = plan_text("Naam;Laatst gesproken\n" + "".join(f"Jan Proef{day[:2]};{day}\n" for day in days))
    about = {"heading": "Laatst gesproken", "text": "3/4/2026", "day": "2026-04-03"}
    assert said(plan) == ([("import.day_first", about)] if guessed else [])


def test_words_that_are_no_form_of_address_and_no_language_are_said() -> None:
    (row,) = plan_text("Aanhef;Naam;Taal\nBeste;Jan Bos;Fries\n").rows
    assert [code for code, _params in row.reason] == ["cell.no_form_of_address", "cell.no_language"]


def test_what_is_no_website_is_said() -> None:
    rows = "Proefbouw;zie Jan;overheid\nTestlab;test.example.org;overheid\n"
    plan = plan_text(f"Organisatie;Website;O\n{rows}", kind="organisations")
    assert [[code for code, _params in row.reason] for row in plan.rows] == [["cell.no_website"], []]


def test_address_in_the_cell_for_a_name_is_said_where_it_is_read_from_nowhere_else() -> None:
    rows = "Jan;jan@example.org;jan@example.org\nKees;kees@example.org;\n"
    plan = plan_text("Voornaam;Achternaam;E-mail\nAns;Kok;ans@example.org\n" + rows)
    assert [[(code, params["text"]) for code, params in row.reason] for row in plan.rows] == [
        *([], [], [("row.not_in_name", "kees@example.org")]),
    ]


def test_row_that_a_separator_too_many_moved_is_asked_about() -> None:
    good = "".join(f"Jan{n};Bos;jan{n}@example.org;Saxion\n" for n in range(20))
    plan = plan_text(
        "Voornaam;Achternaam;E-mail;Organisatie\n" + good + "Piet;;Vos;piet@example.org;Saxion\n"
    )
    said = [[code for code, _params in row.reason] for row in plan.rows]
    assert said == [[]] * 20 + [["row.beyond_the_last", "cell.no_email"]]
    assert plan.rows[-1].action == "duplicate"


def test_column_whose_heading_lacks_is_said_once_for_all_rows() -> None:
    rows = "".join(f"Jan{n};Bos;jan{n}@example.org;x{n}\n" for n in range(20))
    plan = plan_text("Voornaam;Achternaam;E-mail;\n" + rows)
    assert said(plan) == [("import.columns_not_read", {"columns": [4]})]
    assert [row.reason for row in plan.rows] == [()] * 20


def test_rows_about_nobody_are_counted_and_named() -> None:
    text = "Naam;E-mail\nJan Bos;jan@example.org\nTotaal;1\nNaam;E-mail\nEls Vos;els@example.org\n"
    text += "Bron: CBS;\nPagina 1;\n"
    plan = make_plan(text.encode(), "lijst.csv")
    said = next(one for one in plan.remarks if one.code == "file.passed_over")
    assert said.params["count"] == 4
    assert said.params["rows"] == [[3, "Totaal 1"], [4, "Naam E-mail"], [6, "Bron: CBS"]]
    assert [row.values["family_name"] for row in plan.rows] == ["Bos", "Vos"]
