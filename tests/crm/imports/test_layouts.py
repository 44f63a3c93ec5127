"""Files that look like nothing in the corpus: other headings, order, encodings, delimiters, name styles."""

import io
from typing import Any

import openpyxl
import pytest

from crm.base.said import told
from crm.imports.models import ImportLayout
from crm.imports.planning.layouts import fingerprint
from crm.imports.planning.plans import Plan
from tests.crm.imports.plans import make_plan

pytestmark = [pytest.mark.django_db, pytest.mark.same_on_both, pytest.mark.usefixtures("themes")]


def plan_text(text: str) -> Plan:
    return make_plan(text.encode(), "lijst.csv")


def values_of(plan: Plan, *names: str) -> list[tuple[Any, ...]]:
    return [tuple(row.values[name] for name in names) for row in plan.rows]


def workbook(*sheets: tuple[str, list[list[Any]]]) -> bytes:
    book = openpyxl.Workbook()
    for position, (title, rows) in enumerate(sheets):
        sheet = book.active if position == 0 else book.create_sheet()
        assert sheet is not None
        sheet.title = title
        for row in rows:
            sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


PEOPLE = """\
Sector;Contactpersoon;E-mailadres (werk);Werkgever;Mobiele nummer;Wil nieuwsbrief?;Datum laatste gesprek
Overheden;drs. A.B. (Anna) v/d Berg;A.Berg@Example.ORG;Almelo;+31 (0)6 1234 5678;ja graag;3-11-'26
Kennisinstelling;DE VRIES, JAN WILLEM;jw@example.org;TNO;;nee;12.10.2026
Ondernemers;Zoë Müller-El Idrissi;z@example.org;Café Ü;06-87654321;;
"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_tab_separated_in_any_encoding(encoding: str) -> None:
    text = PEOPLE.replace(";", "\t").replace("\n", "\r\n")
    plan = make_plan(text.encode(encoding), "Relaties.tsv")
    assert values_of(plan, "given_name", "initials", "infix", "family_name", "titles_before") == [
        ("Anna", "A.B.", "van der", "Berg", "drs."),
        ("Jan Willem", "", "de", "Vries", ""),
        ("Zoë", "", "", "Müller-El Idrissi", ""),
    ]
    assert values_of(plan, "email", "mobile", "sector", "newsletter", "last_spoken") == [
        ("a.berg@example.org", "+31612345678", "government", True, "2026-11-03"),
        ("jw@example.org", "", "research", False, "2026-10-12"),
        ("z@example.org", "+31687654321", "entrepreneurs", None, ""),
    ]


def test_english_headings_with_commas_and_line_breaks_in_cells() -> None:
    text = (
        "Last name,Surname prefix,First name,Title,Job title,Company name,Email,Phone,Topics,Invite?,Notes\n"
        '"Berg","van den","Jan","Mr.","Head, of\nR&D","Acme, Inc.","jan@example.org",'
        '"053 480 12 34 / 06-12345678","Talent; mobility","yes","line 1\nline 2"\n'
        '"Smith",,"Mary","Dr.","CEO","Acme, Inc.",,,,"no",\n'
    )
    plan = plan_text(text)
    assert [row.number for row in plan.rows] == [2, 5]
    assert values_of(plan, "infix", "family_name", "form_of_address", "titles_before", "job_title") == [
        ("van den", "Berg", "heer", "", "Head, of R&D"),
        ("", "Smith", "", "dr.", "CEO"),
    ]
    assert values_of(plan, "phone", "mobile", "themes", "may_invite") == [
        ("+31534801234", "+31612345678", ["Battle for talent", "Ruimtelijke ordening/mobiliteit"], True),
        ("", "", [], False),
    ]


def test_naam_beside_voornaam_is_the_family_name() -> None:
    plan = plan_text("Voornaam;Tussenvoegsels;Naam;Mail\nEls;v.d.;Meer;els@example.org\n")
    assert values_of(plan, "given_name", "infix", "family_name") == [("Els", "van der", "Meer")]


def test_family_name_column_with_infix_inside_or_behind() -> None:
    text = "Roepnaam;Achternaam\nJan;van den Berg\nEls;Berg, van den\nAnna;Ten Cate\nP.;JANSEN\n"
    plan = plan_text(text)
    assert values_of(plan, "given_name", "initials", "infix", "family_name") == [
        ("Jan", "", "van den", "Berg"),
        ("Els", "", "van den", "Berg"),
        ("Anna", "", "ten", "Cate"),
        ("", "P.", "", "Jansen"),
    ]


def test_sheet_with_titles_total_and_a_second_sheet() -> None:
    data = workbook(
        ("Toelichting", [["Relatiebestand"], ["Versie", 3]]),
        (
            "Lijst",
            [
                ["Relaties najaar"],
                [],
                ["Nr", "Naam", "Werk", "Telefoonnummer werk", "Laatst gesproken", "Vier O's"],
                [1, "Jan de Boer", "jan@example.org", 534801234, 46100, "ondernemer"],
                [],
                [2, "Els Bos", "els@example.org", "", "", "onderwijs"],
                ["Totaal: 2", None, None, None, None, None],
            ],
        ),
    )
    plan = make_plan(data, "lijst.xlsx")
    assert (plan.sheet, [row.number for row in plan.rows]) == ("Lijst", [4, 6])
    assert values_of(plan, "email", "phone", "last_spoken", "sector") == [
        ("jan@example.org", "+31534801234", "2026-03-19", "entrepreneurs"),
        ("els@example.org", "", "", "education"),
    ]
    assert "Toelichting" in told(plan.remarks)


def test_sheets_with_the_same_headings_are_one_list() -> None:
    headings = ["Naam", "E-mail"]
    data = workbook(
        ("Onderwijs", [headings, ["Jan Bos", "jan@example.org"], ["Els Smit", "els@example.org"]]),
        ("Overheden", [["Stand: november"], headings, ["Bos, Jan", "jan@example.org"]]),
        ("Adressen", [["Straat", "Plaats"], ["Drienerlolaan 5", "Enschede"]]),
    )
    plan = make_plan(data, "lijst.xlsx")
    assert [(row.sheet, row.number, row.action) for row in plan.rows] == [
        ("Onderwijs", 2, "new"),
        ("Onderwijs", 3, "new"),
        ("Overheden", 3, "repeated"),
    ]
    assert [row.values["sector"] for row in plan.rows] == ["education", "education", "government"]
    assert "Adressen" in told(plan.remarks)


def test_no_in_a_negative_column_or_in_a_remark_counts() -> None:
    text = (
        "Naam;E-mail;Niet uitnodigen;Geen nieuwsbrief;Opmerking\n"
        "Jan Bos;j@example.org;x;;\nEls Bos;e@example.org;;x;\n"
        "Anna Bos;a@example.org;;;Liever niet meer uitnodigen!\n"
    )
    plan = plan_text(text)
    assert values_of(plan, "may_invite", "newsletter") == [(False, None), (None, False), (False, None)]


def test_several_addresses_in_one_cell_are_kept() -> None:
    text = "Naam;E-mail;Tel\nJan Bos;Jan <jan@example.org>, info@example.org;053-4801234 of 0612345678\n"
    values = plan_text(text).rows[0].values
    assert (values["email"], values["other_emails"]) == ("jan@example.org", ["info@example.org"])
    assert (values["phone"], values["mobile"]) == ("+31534801234", "+31612345678")


def test_what_is_not_understood_is_said_and_not_stored() -> None:
    text = (
        "Naam;E-mail;Telefoon;O;Thema;Laatst gesproken;Uitnodigen\n"
        "Jan Bos;jan at example.org;12;Zorg;Vrede;ooit;misschien\n"
    )
    row = plan_text(text + "Els Bos;e@example.org;;Onderwijs;;;\n").rows[0]
    assert row.action == "new"
    for word in ("jan at example.org", "12", "Zorg", "Vrede", "ooit", "misschien"):
        assert f"“{word}”" in told(row.reason)
    assert [
        row.values[name] for name in ("email", "phone", "sector", "themes", "last_spoken", "may_invite")
    ] == [
        "",
        "",
        "",
        [],
        "",
        None,
    ]


def test_rows_longer_and_shorter_than_the_heading_survive() -> None:
    plan = plan_text("Naam;E-mail;Functie\nJan Bos\nEls Bos;e@example.org;chef;;;extra\n")
    assert values_of(plan, "family_name", "email") == [("Bos", ""), ("Bos", "e@example.org")]


def test_unclosed_quote_spoils_one_row_only() -> None:
    plan = plan_text('Naam;E-mail\n"Jan Bos;j@example.org\nEls Bos;e@example.org\n')
    assert [row.number for row in plan.rows] == [2, 3]
    assert plan.rows[1].values["email"] == "e@example.org"


def test_headings_repeated_on_every_page_are_no_people() -> None:
    plan = make_plan(b"Naam;E-mail\nJan Bos;j@example.org\nNaam;E-mail\nEls Bos;e@example.org\n", "x.csv")
    assert [row.number for row in plan.rows] == [2, 4]


DUO_HIGHER = (
    "PROVINCIE;BEVOEGD GEZAG NUMMER;INSTELLINGSCODE;INSTELLINGSNAAM;STRAATNAAM;HUISNUMMER-TOEVOEGING;"
    "POSTCODE;PLAATSNAAM;GEMEENTENUMMER;GEMEENTENAAM;DENOMINATIE;TELEFOONNUMMER;INTERNETADRES;SOORT HO;"
    "STRAATNAAM CORRESPONDENTIEADRES;POSTCODE CORRESPONDENTIEADRES;COROPGEBIED CODE;COROPGEBIED NAAM\n"
    "Overijssel;41000;99AA;Hogeschool Proef;Proeflaan;28;7513AB;ENSCHEDE;153;Enschede;Overige;0531234567;"
    "www.hogeschool.example.org;hbo;Postbus;7500KB;12;Twente\n"
    "Overijssel;41000;99BB;Universiteit Proef;Proefweg;5 A;7522NB;ENSCHEDE;153;Enschede;Overige;;"
    "www.universiteit.example.org;wo;;;12;Twente\n"
)
CBS = (
    "Gemeentecode;GemeentecodeGM;Gemeentenaam;Provinciecode;ProvinciecodePV;Provincienaam\n"
    "9901;GM9901;Proefstad;99;PV99;Proefland\n"
)
DUO_SCHOOLS = (
    "PROVINCIE;BEVOEGD GEZAG NUMMER;BRIN NUMMER;VESTIGINGSNUMMER;VESTIGINGSNAAM;PLAATSNAAM;GEMEENTENAAM;"
    "INTERNETADRES;ONDERWIJSSTRUCTUUR\n"
    "Overijssel;41001;98AA;98AA00;Lyceum Proef;ENSCHEDE;Enschede;www.lyceum.example.org;HAVO/VWO\n"
    "Overijssel;41001;98AA;98AA01;Mavo Proef;HENGELO;Hengelo;www.mavo.example.org;VMBO\n"
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            DUO_HIGHER,
            [
                ("Hogeschool Proef", "99AA", "education", "https://www.hogeschool.example.org", "28"),
                ("Universiteit Proef", "99BB", "education", "https://www.universiteit.example.org", "5 A"),
            ],
        ),
        (
            DUO_SCHOOLS,
            [
                ("Lyceum Proef", "98AA00", "education", "https://www.lyceum.example.org", ""),
                ("Mavo Proef", "98AA01", "education", "https://www.mavo.example.org", ""),
            ],
        ),
        (
            CBS,
            [("Proefstad", "GM9901", "", "", "")],
        ),
        (
            "Gemeente;Schoolnaam;Soort onderwijs\nEnschede;Lyceum Proef;vo\n",
            [("Lyceum Proef", "", "education", "", "")],
        ),
    ],
)
def test_public_files_of_schools_and_municipalities(text: str, found: list[tuple[str, ...]]) -> None:
    plan = make_plan(text.encode(), "lijst.csv", kind="organisations")
    names = ("name", "external_id", "sector", "website", "house_number")
    assert [row.action for row in plan.rows] == ["new"] * len(found)
    assert [tuple(row.values.get(name, "") for name in names) for row in plan.rows] == found


def test_columns_that_somebody_confirmed_are_read_so_whatever_their_headings_mean_by_now() -> None:
    """Before it was known, INTERNETADRES was confirmed as the e-mail address, and BRIN NUMMER as nothing."""
    headings = ["BRIN NUMMER", "NAAM", "INTERNETADRES"]
    ImportLayout.objects.create(
        fingerprint=fingerprint(headings), kind="contacts", fields=["", "full_name", "email"]
    )
    plan = plan_text("BRIN NUMMER;NAAM;INTERNETADRES\n99AA;Jan Bos;jan@example.org\n")
    assert plan.columns == [["BRIN NUMMER", ""], ["NAAM", "full_name"], ["INTERNETADRES", "email"]]
    assert values_of(plan, "family_name", "email", "external_id") == [("Bos", "jan@example.org", "")]


def test_layout_that_was_confirmed_is_known_with_other_separators_behind_it() -> None:
    headings = ["Club", "Deelnemer", "Post"]
    fields = ["organisation", "full_name", "email"]
    ImportLayout.objects.create(
        fingerprint=fingerprint([*headings, ""]), kind="contacts", fields=[*fields, ""]
    )
    for row in ("Proef;Jan Bos;jan@example.org", "Proef;Jan Bos;jan@example.org;;"):
        plan = plan_text(f"Club;Deelnemer;Post\n{row}\n")
        assert values_of(plan, "organisation", "family_name", "email") == [
            ("Proef", "Bos", "jan@example.org")
        ]


def test_group_words_and_new_headings_leave_the_fingerprint_of_a_layout_as_it_was() -> None:
    """What a heading means is no part of it; the digests were kept by versions before this one."""
    assert fingerprint(["Persoon voornaam", "Persoon achternaam", "T.a.v."]).startswith("3b9d9a0acbb2d7b3")


def test_dashes_beside_crosses_are_no_crosses() -> None:
    plan = plan_text(
        "Organisatie|Contactpersoon|Overheid|Ondernemer|Onderzoek|Onderwijs\n"
        "Gemeente Proefdam|Ria Test|X|-|-|-\nProefcollege|Bo Bos|-|–|.|X\n"
    )
    assert values_of(plan, "organisation", "sector") == [
        ("Gemeente Proefdam", "government"),
        ("Proefcollege", "education"),
    ]


def test_dash_under_may_be_invited_is_no_refusal() -> None:
    plan = plan_text("Naam;E-mail;Uitnodigen\nBo Bos;bo@example.org;-\nRia Test;ria@example.org;nee\n")
    assert values_of(plan, "may_invite") == [(None,), (False,)]


def test_organisation_above_its_people_stands_in_the_first_column_whatever_that_holds() -> None:
    plan = plan_text(
        "Voorletters,Tussenvoegsel,Achternaam,Functie,E-mail\nWoningbouw De Proef,,,,\n"
        "H.J.,van der,Sluis,directeur,hj@example.org\nStichting Testzorg,,,,\nB.,,Bos,manager,b@example.org\n"
    )
    assert values_of(plan, "initials", "family_name", "organisation") == [
        ("H.J.", "Sluis", "Woningbouw De Proef"),
        ("B.", "Bos", "Stichting Testzorg"),
    ]


def test_word_that_says_what_a_heading_row_is_stays_out_of_the_name() -> None:
    plan = plan_text(
        "Naam\tMobiel\tE-mailadres\nOrganisatie: Stichting Landproef\t\t\nBo Baan\t\tbo@example.org\n"
        "Organisatie: Natuurfonds Test\t\t\nRia Wal\t\tria@example.org\n"
    )
    assert values_of(plan, "organisation") == [("Stichting Landproef",), ("Natuurfonds Test",)]


@pytest.mark.parametrize("heading", ["Debiteurnaam", "Partner", "Opdrachtgever", "Klant"])
def test_what_offices_call_those_they_work_with_is_an_organisation(heading: str) -> None:
    plan = plan_text(f"{heading};Contactpersoon;E-mail\nProefbouw;Bo Bos;bo@example.org\n")
    assert values_of(plan, "organisation", "family_name") == [("Proefbouw", "Bos")]


@pytest.mark.parametrize("cell", ["nader te bepalen", "te benoemen", "onbezet", "wordt nog ingevuld"])
def test_seat_without_anybody_brings_nobody_in(cell: str) -> None:
    (empty, row) = plan_text(f"Organisatie;Naam;E-mail\nRaad;{cell};\nRaad;Bo Bos;bo@example.org\n").rows
    assert (empty.action, row.action) == ("refused", "new")


def test_office_in_front_of_a_name_is_a_function() -> None:
    plan = plan_text("Naam;Instantie\nDijkgraaf H. van Test;Waterschap Proef\n")
    assert values_of(plan, "job_title", "initials", "family_name") == [("Dijkgraaf", "H.", "Test")]


def test_lists_of_german_partners_are_read() -> None:
    plan = plan_text(
        "Firma;Zu Händen;PLZ;Ort;E-Mail;Mobilnummer\n"
        "Probebau GmbH;Herrn Jürgen Probe;48529;Nordhorn;probe@example.org;+49 171 1234567\n"
        "Stadt Probe;Frau Sabine Vogel;48455;Bad Bentheim;vogel@example.org;\n"
    )
    assert values_of(plan, "organisation", "form_of_address", "given_name", "family_name") == [
        ("Probebau GmbH", "heer", "Jürgen", "Probe"),
        ("Stadt Probe", "mevrouw", "Sabine", "Vogel"),
    ]
    parts = "Anrede;Vorname;Nachname;Funktion\nHerr;Jürgen;Probe;Planer\n"
    assert values_of(plan_text(parts), "form_of_address", "given_name", "family_name") == [
        ("heer", "Jürgen", "Probe")
    ]


def test_column_for_a_name_that_holds_forms_of_address_only_is_one_of_those() -> None:
    plan = plan_text("T.a.v.;Voorletters;Achternaam\nmevrouw;S.;Test\nde heer;T.H.;Bos\n")
    assert values_of(plan, "form_of_address", "family_name") == [("mevrouw", "Test"), ("heer", "Bos")]


def test_organisation_is_not_taken_over_from_above_by_whoever_has_none() -> None:
    rows = "Sanne,Test,,Gemeente Proefdam\n,,,\nWiebe,Bos,wiebe@example.org,\nKevin,Vos,,Proefbouw\n"
    plan = plan_text("First Name,Last Name,Email Address,Company\n" + rows)
    assert values_of(plan, "family_name", "organisation") == [
        ("Test", "Gemeente Proefdam"),
        ("Bos", ""),
        ("Vos", "Proefbouw"),
    ]


def test_function_in_the_first_column_is_no_heading_of_the_rows_below() -> None:
    plan = plan_text(
        "Rol;Contactpersoon;E-mail\nClub De Brug;;\nvoorzitter;Bo Bos;bo@example.org\n"
        "Club Zuid;;\nsecretaris;Ria Vos;ria@example.org\n"
    )
    assert values_of(plan, "organisation", "job_title") == [
        ("Club De Brug", "voorzitter"),
        ("Club Zuid", "secretaris"),
    ]


def test_mobility_is_no_mobile_number() -> None:
    plan = plan_text("Naam;E-mail;Ruimte/mobiliteit\nBo Bos;bo@example.org;x\n")
    assert values_of(plan, "mobile", "themes") == [("", ["Ruimtelijke ordening/mobiliteit"])]
