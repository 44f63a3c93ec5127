"""Address cards become rows that the import understands."""

from pathlib import Path

import pytest

from crm.contacts.models import Contact
from crm.exchange.vcard import vcards
from crm.imports import background, services
from crm.imports.planning.plans import Plan
from tests.crm.imports.plans import make_plan
from tests.crm.imports.workbooks import printed
from tests.factories import make_user

CARDS = """\
BEGIN:VCARD
VERSION:3.0
N:van den Berg;Jan;;drs.;MSc
FN:drs. Jan van den Berg MSc
ORG:Saxion\\, hogeschool;Lectoraat
TITLE:Docent\\, lector
item1.EMAIL;type=INTERNET;type=pref:jan@exa
 mple.org
EMAIL;type=HOME:thuis@example.org
TEL;type=CELL:06-12345678
TEL;type=WORK,FAX:053-4801235
TEL;type=WORK:053-4801234
ADR;type=HOME:;;Thuisstraat 1;Goor;;7471 AA;Nederland
ADR;type=WORK:;;Drienerlolaan 5;Enschede;;7522 NB;Nederland
END:VCARD
BEGIN:VCARD
VERSION:2.1
N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller;Zo=C3=
=AB;;;
TEL;CELL;PREF:+31612345679
END:VCARD
BEGIN:VCARD
VERSION:4.0
FN:Özgür de Yıldız
TEL;VALUE=uri;TYPE="voice,cell":tel:+31-6-1234-5670
END:VCARD
"""


@pytest.mark.django_db
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_cards_of_three_versions(encoding: str) -> None:
    plan = make_plan(CARDS.replace("\n", "\r\n").encode(encoding), "kaarten.vcf")
    names = ("titles_before", "given_name", "infix", "family_name", "titles_after", "mobile")
    assert [tuple(row.values[name] for name in names) for row in plan.rows] == [
        ("drs.", "Jan", "van den", "Berg", "MSc", "+31612345678"),
        ("", "Zoë", "", "Müller", "", "+31612345679"),
        ("", "Özgür", "de", "Yıldız", "", "+31612345670"),
    ]
    first = plan.rows[0].values
    assert (first["organisation"], first["job_title"]) == ("Saxion, hogeschool", "Docent, lector")
    assert (first["email"], first["other_emails"]) == ("jan@example.org", ["thuis@example.org"])
    assert first["phone"] == "+31534801234"
    assert [row.number for row in plan.rows] == [1, 16, 22]


def test_every_address_is_kept(tmp_path: Path) -> None:
    line = printed(tmp_path, CARDS.encode(), "kaarten.vcf")[1]
    assert "Drienerlolaan 5,7522 NB,Enschede" in line
    assert '"Thuisstraat 1, 7471 AA, Goor, Nederland"' in line


def card(*lines: str) -> bytes:
    return "\r\n".join(["BEGIN:VCARD", "VERSION:4.0", *lines, "END:VCARD", ""]).encode()


def functions(data: bytes) -> list[tuple[str, str, str]]:
    """(organisation, department, function) of each row."""
    rows = make_plan(data, "kaart.vcf").rows
    assert {(row.number, row.values["family_name"]) for row in rows} == {(1, "Dubbel")}
    return [tuple(row.values[name] for name in ("organisation", "department", "job_title")) for row in rows]


NAME = "N:Dubbel;Mo;;;"


@pytest.mark.same_on_both
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (
            ["ORG:Proef BV", "TITLE:adviseur", "ORG:Stichting Anders", "TITLE:lid"],
            [("Proef BV", "", "adviseur"), ("Stichting Anders", "", "lid")],
        ),
        (
            ["TITLE:adviseur", "TITLE:lid", "ORG:Proef BV;R&D", "ORG:Stichting Anders"],
            [("Proef BV", "R&D", "adviseur"), ("Stichting Anders", "", "lid")],
        ),
        (
            ["ORG:Proef BV", "ORG:Stichting Anders", "TITLE:lid"],
            [("Proef BV", "", ""), ("Stichting Anders", "", "lid")],
        ),
        (
            ["a.ORG:Proef BV", "b.ORG:Stichting Anders", "b.TITLE:lid", "a.TITLE:adviseur"],
            [("Proef BV", "", "adviseur"), ("Stichting Anders", "", "lid")],
        ),
        (
            ["ORG;PREF=2:Proef BV", "TITLE:adviseur", "ORG;PREF=1:Stichting Anders", "TITLE:lid"],
            [("Stichting Anders", "", "lid"), ("Proef BV", "", "adviseur")],
        ),
        (
            ["ORG;ALTID=1;LANGUAGE=nl:Proef BV", "ORG;ALTID=1;LANGUAGE=en:Trial Ltd", "TITLE:adviseur"],
            [("Proef BV", "", "adviseur")],
        ),
        (["ORG:Proef BV", "TITLE:adviseur", "ROLE:docent"], [("Proef BV", "", "adviseur; docent")]),
    ],
)
def test_each_function_of_a_card_is_a_row_with_its_own_title(
    lines: list[str], found: list[tuple[str, str, str]]
) -> None:
    assert functions(card(NAME, "EMAIL:mo@example.org", *lines)) == found


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["EMAIL:mo@example.org", "NOTE:zonder adres"])
def test_two_functions_are_one_contact_and_bring_nothing_the_second_time(address: str) -> None:
    data = card(NAME, address, "ORG:Proef BV", "TITLE:adviseur", "ORG:Stichting Anders", "TITLE:lid")
    plan = make_plan(data, "kaart.vcf")
    assert [row.action for row in plan.rows] == ["new", "repeated"]
    background.apply_now(batch=services.store(plan=plan, by=make_user()))
    jobs = Contact.objects.get().affiliations.order_by("organisation__name")
    assert [(job.organisation.name, job.job_title) for job in jobs] == [
        ("Proef BV", "adviseur"),
        ("Stichting Anders", "lid"),
    ]
    again = make_plan(vcards(Contact.objects.for_list()), "kaart.vcf")
    assert [(row.action, row.changes) for row in again.rows] == [("same", {})] * 2


@pytest.mark.django_db
def test_of_what_a_person_has_once_the_preferred_one_counts_and_addresses_come_in_their_order() -> None:
    (row,) = make_plan(
        card(
            "FN:M. Dubbel",
            "FN;PREF=1:Mo Dubbel",
            "LANG;PREF=2:nl",
            "LANG;PREF=1:en",
            "EMAIL;PREF=3:derde@example.org",
            "EMAIL:laatste@example.org",
            "EMAIL;PREF=1:eerste@example.org",
        ),
        "kaart.vcf",
    ).rows
    values = row.values
    assert (values["given_name"], values["family_name"], values["language"]) == ("Mo", "Dubbel", "en")
    assert [values["email"], *values["other_emails"]] == [
        "eerste@example.org",
        "derde@example.org",
        "laatste@example.org",
    ]


def planned(*lines: str) -> Plan:
    text = "\r\n".join(["BEGIN:VCARD", "VERSION:4.0", *lines, "END:VCARD", ""])
    return make_plan(text.encode(), "kaart.vcf")


@pytest.mark.same_on_both
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("lines", "name"),
    [
        (["FN:dr. Tom van der Proef MSc"], ("dr.", "Tom", "", "van der", "Proef", "MSc")),
        (["N:Proef;T.;;;", "FN:T. Proef", "NICKNAME:Tom"], ("", "Tom", "T.", "", "Proef", "")),
        (["N:Proef;Thomas;;;", "FN:T. Proef", "NICKNAME:Tom"], ("", "Thomas", "", "", "Proef", "")),
    ],
)
def test_name_of_a_card_that_says_it_in_another_way(lines: list[str], name: tuple[str, ...]) -> None:
    values = planned(*lines).rows[0].values
    parts = ("titles_before", "given_name", "initials", "infix", "family_name", "titles_after")
    assert tuple(values[part] for part in parts) == name
