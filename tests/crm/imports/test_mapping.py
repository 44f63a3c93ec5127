"""Headings: what well-known exports and people's own lists call their columns."""

import json
from pathlib import Path

import pytest

from crm.exchange.theme_words import ThemeFinder
from crm.imports.columns.headings import field_of
from crm.imports.columns.mapping import map_columns
from crm.imports.columns.rows import RowReader
from crm.imports.reading.sheets import SheetRow
from tests.crm.imports.plans import make_plan

# Every column that says something about a person; all the others are not used.
EXPORTS: dict[str, dict[str, str]] = {
    "outlook_nl": {
        "Titel": "titles_before",
        "Voornaam": "given_name",
        "Middelste naam": "middle",
        "Achternaam": "family_name",
        "Achtervoegsel": "titles_after",
        "Bedrijf": "organisation",
        "Afdeling": "department",
        "Functie": "job_title",
        "Werkadres, straat": "street",
        "Werkadres, plaats": "city",
        "Werkadres, postcode": "postcode",
        "Land/regio (werk)": "country",
        "Telefoon op werk": "phone",
        "Telefoon op werk 2": "phone",
        "Autotelefoon": "phone",
        "Hoofdtelefoon bedrijf": "phone",
        "Telefoon thuis": "phone",
        "Telefoon thuis 2": "phone",
        "Mobiele telefoon": "mobile",
        "Andere telefoon": "phone",
        "Hoofdtelefoon": "phone",
        "E-mailadres": "email",
        "E-mailadres 2": "email",
        "E-mailadres 3": "email",
        "Geslacht": "gender",
        "Initialen": "initials",
        "Taal": "language",
        "Trefwoorden": "tags",
        "Webpagina": "website",
    },
    "outlook_en": {
        "Title": "titles_before",
        "First Name": "given_name",
        "Middle Name": "middle",
        "Last Name": "family_name",
        "Suffix": "titles_after",
        "Department": "department",
        "Company": "organisation",
        "Job Title": "job_title",
        "Business Street": "street",
        "Business City": "city",
        "Business Postal Code": "postcode",
        "Business Country/Region": "country",
        "Business Phone": "phone",
        "Business Phone 2": "phone",
        "Car Phone": "phone",
        "Company Main Phone": "phone",
        "Home Phone": "phone",
        "Home Phone 2": "phone",
        "Mobile Phone": "mobile",
        "Other Phone": "phone",
        "Primary Phone": "phone",
        "Radio Phone": "phone",
        "E-mail Address": "email",
        "E-mail 2 Address": "email",
        "E-mail 3 Address": "email",
        "Gender": "gender",
        "Initials": "initials",
        "Keywords": "tags",
        "Language": "language",
        "Web Page": "website",
    },
    "google_2024": {
        "Labels": "tags",
        "First Name": "given_name",
        "Middle Name": "middle",
        "Last Name": "family_name",
        "Name Prefix": "titles_before",
        "Name Suffix": "titles_after",
        "Organization Name": "organisation",
        "Organization Title": "job_title",
        "Organization Department": "department",
        "E-mail 1 - Value": "email",
        "E-mail 2 - Value": "email",
        "Phone 1 - Value": "phone",
        "Phone 2 - Value": "phone",
        "Address 1 - Formatted": "address",
        "Address 1 - Street": "street",
        "Address 1 - City": "city",
        "Address 1 - Postal Code": "postcode",
        "Address 1 - Country": "country",
        "Website 1 - Value": "website",
    },
    "econobis_nl_crm_semicolon": {
        "Naam": "full_name",
        "Organisatie": "organisation",
        "Aanspreektitel": "form_of_address",
        "Initialen": "initials",
        "Voornaam": "given_name",
        "Tussenvoegsel": "infix",
        "Achternaam": "family_name",
        "Primair adres": "street",
        "Primair huisnummer": "house_number",
        "Primair toevoeging": "addition",
        "Primair postcode": "postcode",
        "Primair plaats": "city",
        "Primair land": "country",
        "Email algemeen": "email",
        "Email prive": "email",
        "Email werk": "email",
        "Primair telefoonnummer": "phone",
    },
    "mailchimp_subscribed": {
        "Email Address": "email",
        "First Name": "given_name",
        "Last Name": "family_name",
        "TAGS": "tags",
    },
    "mailchimp_unsubscribed_extra": {
        "UNSUB_TIME": "not_newsletter",
        "UNSUB_CAMPAIGN_TITLE": "not_newsletter",
        "UNSUB_CAMPAIGN_ID": "not_newsletter",
        "UNSUB_REASON": "not_newsletter",
        "UNSUB_REASON_OTHER": "not_newsletter",
    },
}


@pytest.mark.parametrize("export", EXPORTS)
def test_columns_of_well_known_exports(corpora: Path, export: str) -> None:
    every = json.loads((corpora / "contact-export-headers" / "headers.json").read_text())
    mapping = map_columns(every[export], [])
    found = dict(zip(mapping.headings, mapping.fields, strict=True))
    assert {heading: field for heading, field in found.items() if field} == EXPORTS[export]


def test_outlook_without_its_accents_is_the_same(corpora: Path) -> None:
    every = json.loads((corpora / "contact-export-headers" / "headers.json").read_text())
    whole = every["outlook_nl"]
    bare = [heading.encode("ascii", "ignore").decode() for heading in whole]
    assert map_columns(bare, []).fields == map_columns(whole, []).fields


@pytest.mark.parametrize(
    ("heading", "cell", "may_invite", "newsletter"),
    [
        ("Uitgeschreven", "12-3-2026", None, False),
        ("UNSUB_REASON", "NORMAL", None, False),
        ("Unsubscribed", "no", None, None),
        ("Afgemeld op", "", None, None),
        ("Geen mailing", "x", None, False),
        ("Email Opt Out", "1", False, False),
        ("HasOptedOutOfEmail", "true", False, False),
        ("HasOptedOutOfEmail", "false", None, None),
        ("Bezwaar (AVG)", "belde boos op", False, False),
        ("Do not contact", "yes", False, False),
        ("Niet mailen", "x", False, False),
        ("Nieuwsbrief", "uitgeschreven", None, False),
        ("Kolom 5", "unsubscribed", None, False),
        ("Kolom 5", "subscribed", None, True),
    ],
)
@pytest.mark.django_db
def test_no_refusal_is_dropped(
    heading: str, cell: str, may_invite: bool | None, newsletter: bool | None
) -> None:
    mapping = map_columns(["Naam", heading], [["Jan Bos", cell or "x"]])
    values = RowReader(mapping, ThemeFinder()).contact(SheetRow(2, ["Jan Bos", cell])).values
    assert (values["may_invite"], values["newsletter"]) == (may_invite, newsletter)


def test_every_column_of_refusals_counts() -> None:
    assert map_columns(["Naam", "Opt-out", "Opt-out mail", "Afgemeld", "Uitgeschreven"], []).fields[1:] == [
        "opt_out",
        "opt_out",
        "not_newsletter",
        "not_newsletter",
    ]


@pytest.mark.django_db
def test_lines_above_the_headings_are_passed_over(corpora: Path) -> None:
    export = (corpora / "contact-export-headers" / "linkedin_connections.csv").read_text().rstrip("\n")
    plan = make_plan((export + "\nJan,van den Berg,,jan@example.org,Saxion,docent,\n").encode(), "x.csv")
    values = plan.rows[0].values
    assert (values["given_name"], values["infix"], values["family_name"]) == ("Jan", "van den", "Berg")
    assert (values["organisation"], values["job_title"]) == ("Saxion", "docent")


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Voor- en achternaam", "full_name"),
        ("Naam contactpersoon", "full_name"),
        ("Naam organisatie", "organisation"),
        ("Bedrijf / instelling", "organisation"),
        ("Telefoonnummer werk", "phone"),
        ("06-nummer", "mobile"),
        ("E-mailadres (zakelijk)", "email"),
        ("Mag uitgenodigd worden?", "may_invite"),
        ("Niet uitnodigen", "not_invite"),
        ("Do not invite", "not_invite"),
        ("Nieuwsbrief j/n", "newsletter"),
        ("Geen nieuwsbrief", "not_newsletter"),
        ("Datum laatste contact", "last_spoken"),
        ("Last contacted on", "last_spoken"),
        ("Thema('s)", "themes"),
        ("Topics of interest", "themes"),
        ("Surname prefix", "infix"),
        ("GemeentecodeGM", "external_id"),
        ("Gemeentecode", "code"),
        ("Provincienaam", "-"),
        ("Kleur van de auto", ""),
        ("Straat + huisnummer", "street"),
        ("Street number", "house_number"),
        ("Bezoekadres", "street"),
        ("Postcode", "postcode"),
        ("E-mail adres", "email"),
        ("Nooit mailen", "opt_out"),
        ("Wil geen nieuwsbrief", "not_newsletter"),
    ],
)
def test_meaning_of_a_heading(heading: str, field: str) -> None:
    assert field_of(heading) == field


def test_values_decide_where_the_heading_is_silent() -> None:
    rows = [
        ["Jan Bos", "jan@example.org", "overheid", "Mr"],
        ["Els Smit", "els@example.org", "bedrijf", "Dr."],
    ]
    assert map_columns(["Naam", "Kolom 2", "", "Title"], rows).fields == [
        "full_name",
        "email",
        "sector",
        "titles_before",
    ]
    assert map_columns(["Name", "Title"], [["Jan Bos", "Head of research"]]).fields == [
        "full_name",
        "job_title",
    ]


def test_provinces_are_organisations_where_nothing_else_has_a_name() -> None:
    assert map_columns(["Provincie", "Provinciecode"], [["Proefland", "PV99"]]).fields == ["organisation", ""]
    assert map_columns(["Naam", "Provincie"], [["Jan Bos", "Proefland"]]).fields == ["full_name", ""]


def test_group_that_is_no_sector_is_not_used() -> None:
    assert map_columns(["Naam", "Groep"], [["Jan Bos", "klankbordgroep"]]).fields == ["full_name", ""]


def test_values_tell_addresses_numbers_and_postcodes() -> None:
    rows = [
        ["Jan Bos", "jan@example.org", "053-4801234", "7511 AB", "els@example.org"],
        ["Els van der Smit", "els@example.org", "06 12345678", "7522NB", ""],
    ]
    fields = ["full_name", "email", "phone", "postcode", "email"]
    assert map_columns(["", "", "", "", ""], rows).fields == fields
    assert map_columns(["A", "B", "C", "D", "E"], rows).fields == fields


@pytest.mark.parametrize(
    ("values", "field"),
    [
        (["053 489 90 00", "06-12345678"], "phone"),
        (["053-489.90.00", "+31 6 1234 5678"], "phone"),
        (["02/123 45 67", "(053) 4899000"], "phone"),
        (["02-07-2020", "04-05-2020"], ""),
        (["0.975752007350298", "0,114726885273115"], ""),
        (["02072020", "04052020"], ""),
        (["Lead the public service in its reform", "Advise public bodies about their staff"], ""),
        (["Gemeente", "Ministerie van OCW"], "sector"),
    ],
)
def test_values_under_a_silent_heading(values: list[str], field: str) -> None:
    assert map_columns(["Naam", "Gewijzigd"], [["Jan Bos", value] for value in values]).fields[1] == field


@pytest.mark.parametrize(
    ("heading", "values", "field"),
    [
        ("Gemeenten op grootte", ["0", "12"], ""),
        ("Gemeenten op grootte", ["Goor", "Hengelo"], "organisation"),
        ("Gemeenten op grootte", [], "organisation"),
        ("Naam", ["1", "2"], ""),
        ("Outcome per hospital site", ["treated in time", "treated late"], ""),
        ("Site", ["www.saxion.nl", "https://itc.nl/x?a=b"], "website"),
        ("Site", ["saxion.nl", "niet bekend"], "website"),
        ("Number of staff", ["12", "3"], ""),
        ("Burgerservicenummer", ["012345678", "023456789"], ""),
        ("soc_sec_id", ["6988048", "7364009"], ""),
    ],
)
def test_heading_is_not_believed_against_its_values(heading: str, values: list[str], field: str) -> None:
    rows = [["jan@example.org", value] for value in values]
    assert map_columns(["E-mail", heading], rows).fields[1] == field


def test_of_two_addresses_the_one_that_is_filled_is_used() -> None:
    headings = ["Naam", "Business Street", "Business City", "Home Street", "Home City"]
    at_home = [["Jan Bos", "", "", "Kerkstraat 1", "Goor"]]
    assert map_columns(headings, at_home).fields == ["full_name", "", "", "street", "city"]
    both = [["Jan Bos", "Plein 1", "", "Kerkstraat 1", "Goor"]]
    assert map_columns(headings, both).fields == ["full_name", "street", "city", "", ""]


def test_middle_name_of_a_dutch_address_book_is_the_infix_where_all_are() -> None:
    headings = ["Voornaam", "Middelste naam", "Achternaam"]
    assert map_columns(headings, [["Jan", "van den", "Berg"], ["Els", "de", "Boer"]]).fields[1] == "infix"
    assert map_columns(headings, [["Jan", "Willem", "Berg"]]).fields[1] == "middle"


@pytest.mark.parametrize(
    ("cells", "parts"),
    [
        (["Drienerlolaan 5, 7522 NB Enschede"], ["Drienerlolaan", "5", "7522 NB", "Enschede"]),
        (
            ["Hengelosestraat 12-A\n7511AA Enschede, Nederland"],
            ["Hengelosestraat", "12-A", "7511AA", "Enschede"],
        ),
        (["Kerkstraat"], ["Kerkstraat", "", "", ""]),
    ],
)
@pytest.mark.django_db
def test_address_in_one_cell(cells: list[str], parts: list[str]) -> None:
    mapping = map_columns(["Organisatie", "Adres"], [["Saxion", *cells]])
    values = RowReader(mapping, ThemeFinder()).organisation(SheetRow(2, ["Saxion", *cells])).values
    assert [values.get(name, "") for name in ("street", "house_number", "postcode", "city")] == parts
