"""Headings: what well-known exports and people's own lists call their columns."""

import json
from pathlib import Path

import pytest

from crm.imports.headings import field_of
from crm.imports.mapping import map_columns
from crm.imports.planning import make_plan

EXPORTS: dict[str, dict[str, str]] = {
    "outlook_nl": {
        "Titel": "titles_before",
        "Voornaam": "given_name",
        "Achternaam": "family_name",
        "Achtervoegsel": "titles_after",
        "Bedrijf": "organisation",
        "Functie": "job_title",
        "Telefoon op werk": "phone",
        "Mobiele telefoon": "mobile",
        "E-mailadres": "email",
        "E-mailtype": "",
        "Fax op werk": "",
        "Telefoon assistent": "",
        "Notities": "",
        "Verjaardag": "",
        "Werkadres, plaats": "",
    },
    "outlook_en": {
        "First Name": "given_name",
        "Last Name": "family_name",
        "Company": "organisation",
        "Job Title": "job_title",
        "Business Phone": "phone",
        "Business Fax": "",
        "Mobile Phone": "mobile",
        "E-mail Address": "email",
        "E-mail 2 Type": "",
        "Assistant's Phone": "",
        "Birthday": "",
    },
    "google_2024": {
        "First Name": "given_name",
        "Last Name": "family_name",
        "Organization Name": "organisation",
        "Organization Title": "job_title",
        "E-mail 1 - Value": "email",
        "E-mail 1 - Label": "",
        "Phone 1 - Value": "phone",
        "Phone 1 - Label": "",
        "Phonetic First Name": "",
    },
    "econobis_nl_crm_semicolon": {
        "Organisatie": "organisation",
        "Aanspreektitel": "form_of_address",
        "Initialen": "initials",
        "Voornaam": "given_name",
        "Tussenvoegsel": "infix",
        "Achternaam": "family_name",
        "Naam": "",
        "Geboortedatum": "",
        "Email algemeen": "email",
        "Primair telefoonnummer": "phone",
    },
    "mailchimp_subscribed": {"Email Address": "email", "First Name": "given_name", "OPTIN_TIME": ""},
}


@pytest.mark.parametrize("export", EXPORTS)
def test_columns_of_well_known_exports(corpora: Path, export: str) -> None:
    every = json.loads((corpora / "contact-export-headers" / "headers.json").read_text())
    mapping = map_columns(every[export], [])
    found = dict(zip(mapping.headings, mapping.fields, strict=True))
    assert {heading: found[heading] for heading in EXPORTS[export]} == EXPORTS[export]


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


def test_group_that_is_no_sector_is_not_used() -> None:
    assert map_columns(["Naam", "Groep"], [["Jan Bos", "klankbordgroep"]]).fields == ["full_name", ""]
