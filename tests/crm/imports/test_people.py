"""What stands in cells for names besides one name; the people are invented."""

from typing import Any

import pytest

from crm.imports.columns.people import read_names
from crm.imports.planning.plans import Plan
from tests.crm.imports.plans import make_plan

pytestmark = [pytest.mark.django_db, pytest.mark.same_on_both, pytest.mark.usefixtures("themes")]
_NAME = ("titles_before", "given_name", "initials", "infix", "family_name", "titles_after")


def plan_text(text: str) -> Plan:
    return make_plan(text.encode(), "lijst.csv")


def codes(plan: Plan) -> list[list[str]]:
    return [[code for code, _params in row.reason] for row in plan.rows]


def names(text: str) -> list[str]:
    """The parts of each name that are filled, between bars."""
    return ["|".join(filter(None, (row.values[part] for part in _NAME))) for row in plan_text(text).rows]


def test_given_names_with_commas_titles_and_brackets_gain_no_word() -> None:
    cells = ['"Ana, Maria"', '"Jan, drs."', '"Jan,"', '"J.A., Jan"', "drs. Rik", "J.A. (Jan)", "Jan van den"]
    text = "Voornaam;Achternaam\n" + "".join(f"{cell};Veldtest{at}\n" for at, cell in enumerate(cells))
    assert names(text) == [
        "Ana Maria|Veldtest0",
        "drs.|Jan|Veldtest1",
        "Jan|Veldtest2",
        "Jan|J.A.|Veldtest3",
        "drs.|Rik|Veldtest4",
        "Jan|J.A.|Veldtest5",
        "Jan|van den|Veldtest6",
    ]


def test_titles_behind_a_family_name() -> None:
    text = 'First Name,Last Name\nJan,"Bos, MSc"\nEls,Bos MBA\nKees,"de Vries PhD, RA"\nOtto,de Heer\n'
    assert names(text) == ["Jan|Bos|MSc", "Els|Bos|MBA", "Kees|de|Vries|PhD RA", "Otto|de|Heer"]


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("TESTBRUNN Holger", "Holger|Testbrunn"),
        ("VAN DEN TESTBERG Jan", "Jan|van den|Testberg"),
        ("De TESTMAEYER Katrien", "Katrien|de|Testmaeyer"),
        ("DUPONT-LEROY Marie Claire", "Marie Claire|Dupont-Leroy"),
        ("Jan TESTBERG", "Jan|Testberg"),
        ("Jan Testman jr.", "Jan|Testman|jr."),
        ("Piet van Testen Jr", "Piet|van|Testen|Jr"),
        ("Henk Testman III", "Henk|Testman|III"),
        ("Ph.D. Li Testwei", "Li|Testwei|Ph.D."),
        ("MARIO D'ANCONA", "Mario|D'Ancona"),
        ("SINÉAD O'BRIEN", "Sinéad|O'Brien"),
        ("\ufb01lip \ufb02orijn", "Filip|Florijn"),
        ("J.W.F. Baron van Testeren tot Proefwijk", "baron|J.W.F.|van|Testeren tot Proefwijk"),
        ("M.M. Jansen - de Vries", "M.M.|Jansen-de Vries"),
        ("De weledelgestrenge heer mr. J. Testman", "mr.|J.|Testman"),
    ],
)
def test_names_in_one_cell(cell: str, name: str) -> None:
    assert names(f"Naam;E-mail\n{cell};a@example.org\n") == [name]


@pytest.mark.parametrize(
    "cell",
    [
        "Jan Jansen en Piet de Vries",
        "Jan Jansen / Piet de Vries",
        "Jan Jansen/Piet de Vries",
        "Jan en Marie Jansen",
        "Fam. Jansen",
        "Dhr. en mevr. Jansen",
        "Jan Jansen\nPiet de Vries",
        "J. Jansen & P. de Vries",
        "Jan Jansen, Piet de Vries",
        "Bos, J.; Smit, P.",
        "Jan Bos, Els Vos, Kees Smit",
        "Echtpaar Bos",
        "Jan Bos of Piet Smit",
        "Jan Bos (of Piet Smit)",
        "J. Bos, P. Smit",
        "Jan Bos e.a.",
    ],
)
def test_several_people_are_asked_about(cell: str) -> None:
    plan = plan_text(f'Naam;Organisatie;E-mail\n"{cell}";Saxion;a@example.org\n')
    assert (plan.rows[0].action, codes(plan)) == ("duplicate", [["row.several_names"]])


@pytest.mark.parametrize(
    "cell",
    [
        *("vacature", "n.n.", "N. N.", "Vacant", "Vacature (directeur)", "nog te benoemen"),
        *("vacature lid", "Open vacancy", "Opvolger volgt", "lege zetel", "nog niet bekend", "x"),
    ],
)
def test_vacancy_is_nobody(cell: str) -> None:
    plan = plan_text(f"Naam;Organisatie\n{cell};Saxion\n")
    assert (plan.rows[0].action, codes(plan)) == ("refused", [["row.vacancy"]])


@pytest.mark.parametrize(
    "cell",
    [
        *("secretariaat", "Bestuurssecretariaat", "Afdeling Communicatie", "Team Kennis"),
        *("directeur", "Hoofd financiën", "Bestuursbureau", "De directie", "The Management", "Gemeenteraad"),
        *("het college van B&W", "aan de bewoners", "MT", "P&O", "afd. inkoop"),
    ],
)
def test_office_is_asked_about(cell: str) -> None:
    plan = plan_text(f"Naam;Organisatie\n{cell};Saxion\n")
    assert (plan.rows[0].action, codes(plan)) == ("duplicate", [["row.office"]])


@pytest.mark.parametrize(
    ("cell", "name", "job"),
    [
        ("Wethouder J. Jansen", "J. Jansen", "Wethouder"),
        ("Jan Jansen - directeur", "Jan Jansen", "directeur"),
        ("Jan Jansen, beleidsadviseur wonen", "Jan Jansen", "beleidsadviseur wonen"),
        ("Jan Jansen (directeur)", "Jan Jansen", "directeur"),
        ("Jan Jansen\ndirecteur", "Jan Jansen", "directeur"),
        ("Jan\nJansen", "Jan Jansen", ""),
        ("Directeur: Jan Jansen", "Jan Jansen", "Directeur"),
        ("wnd. burgemeester Jan Jansen", "Jan Jansen", "wnd. burgemeester"),
        ("Gedeputeerde mw. Jan Jansen", "mw. Jan Jansen", "Gedeputeerde"),
        ("Hoofd inkoop Jan Jansen", "Jan Jansen", "Hoofd inkoop"),
        ("Rector magnificus prof. J. Bos", "prof. J. Bos", "Rector magnificus"),
        ("Schrijver Jan", "Schrijver Jan", ""),
        ("Minister, Jan", "Minister, Jan", ""),
        ("J. (Jan) Bos", "J. (Jan) Bos", ""),
        ("Berg, van den, Jan", "Berg, van den, Jan", ""),
        ("T.a.v. de heer J. Bos", "de heer J. Bos", ""),
    ],
)
def test_function_in_a_cell_for_a_name(cell: str, name: str, job: str) -> None:
    found = read_names(cell)
    assert (found.name, found.job_title, found.questions) == (name, job, ())
    assert [said[0] for said in found.remarks] == (["row.job_in_name"] if job else [])


@pytest.mark.parametrize("cell", ["Jan Bos*", "Jan Bos (Gemeente Proefdam)"])
def test_what_is_no_part_of_a_name_is_left_and_said(cell: str) -> None:
    found = read_names(cell)
    assert (found.name, [said[0] for said in found.remarks]) == ("Jan Bos", ["row.not_in_name"])


def test_address_behind_a_name_leaves_the_name() -> None:
    plan = plan_text("Naam;Organisatie;E-mail\nJan Bos <jan@example.org>;Saxion;j.bos@example.org\n")
    assert (plan.rows[0].values["family_name"], codes(plan)) == ("Bos", [["row.not_in_name"]])


def test_remark_in_brackets_is_said() -> None:
    found: list[Any] = list(read_names("Jan Jansen (tot 1-1-2027)").remarks)
    assert found == [("row.not_in_name", {"text": "tot 1-1-2027"})]


def test_name_with_initials_in_the_middle_is_asked_about() -> None:
    plan = plan_text("Naam;Organisatie\nBurgemeester van Proefstad I. Proef;Gemeente Proefstad\n")
    assert plan.rows[0].action == "duplicate"
    assert codes(plan) == [["row.name_unclear", "row.job_in_name"]]


def test_pronouns_beside_a_name_are_no_part_of_it() -> None:
    plan = plan_text('First Name,Last Name\nJan (he/him),Proef\nEls,"Proef, she/her"\n')
    assert [row.values["family_name"] for row in plan.rows] == ["Proef", "Proef"]
    assert [list(row.reason) for row in plan.rows] == [
        [("row.not_in_name", {"text": "he/him"})],
        [("row.not_in_name", {"text": "she/her"})],
    ]


def test_whole_name_counts_where_its_parts_are_empty() -> None:
    text = "Name,Given Name,Family Name,Organization 1 - Name\nJan van Proef,,,Test\nTest,,,Test\n"
    assert names(text) == ["Jan|van|Proef", ""]


def test_short_names_in_capitals_are_no_initials_beside_a_family_name_in_capitals() -> None:
    assert names("Voornaam;Achternaam\nJAN;PROEF\nJH;PROEF\nJAN;Proef\n") == [
        "Jan|Proef",
        "J.H.|Proef",
        "J.A.N.|Proef",
    ]


def test_english_mr_is_no_dutch_title() -> None:
    plan = plan_text("First Name,Last Name\nMr. Jan,Proef\nmr. Els,Test\n")
    forms = [(row.values["form_of_address"], row.values["titles_before"]) for row in plan.rows]
    assert forms == [("heer", ""), ("", "mr.")]
