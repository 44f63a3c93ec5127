"""What leaves Kwartet: readable by others, by itself, and computed by nobody."""

import csv
import io
import json
import zipfile
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from python_calamine import CalamineWorkbook

from crm.base.formulas import with_formula, without_formula
from crm.base.tables import Table
from crm.base.workbooks import ods, xlsx
from crm.base.writers import FORMATS
from crm.contacts.models import Contact
from crm.exchange.contacts import ContactResource
from crm.exchange.organisations import OrganisationResource
from crm.exchange.vcard import vcards
from crm.imports.columns.headings import field_of
from tests.factories import (
    make_contact,
    make_event,
    make_organisation,
    make_participation,
    make_seat,
    make_tag,
    make_term,
)

pytestmark = [pytest.mark.django_db, pytest.mark.same_on_both]


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
        ("-2+3+cmd", "'-2+3+cmd"),
        ("\t=1+1", "'\t'=1+1"),
        ("\r=1", "'\r'=1"),
        ("\tVan den Berg", "'\tVan den Berg"),
        ("\rVan den Berg", "'\rVan den Berg"),
        (" \tVan den Berg", "' \tVan den Berg"),
        (" =1", "' =1"),
        ("+31 53 489 00 00", "+31 53 489 00 00"),
        ("+31534890000", "+31534890000"),
        ("-12,50", "-12,50"),
        ("＝1+1", "'＝1+1"),
        ("＋1＋A1", "'＋1＋A1"),
        ("－1－A1", "'－1－A1"),
        ("＠SUM(A1)", "'＠SUM(A1)"),
        ("x;=1+1", "x;'=1+1"),
        ("x, =1+1,y", "x,' =1+1,y"),
        ("x\n@SUM(A1)", "x\n'@SUM(A1)"),
        ("x\ty|-A1", "x\ty|'-A1"),
        ("0612345678; +31 53 489 00 00", "0612345678; +31 53 489 00 00"),
        ("Jan-Willem; e-mail = ja", "Jan-Willem; e-mail = ja"),
        ("Van den Berg", "Van den Berg"),
        ("'t Hof", "'t Hof"),
        ("'s-Hertogenbosch; 't Hof, -x+y", "'s-Hertogenbosch; 't Hof,' -x+y"),
        ("'=1+1", "''=1+1"),
        ("'+31 53 489 00 00", "''+31 53 489 00 00"),
        ("", ""),
    ],
)
def test_formula_is_disarmed_and_a_telephone_number_is_not(text, safe):
    assert without_formula(text) == safe
    assert with_formula(safe) == text


@pytest.mark.parametrize(
    "text", ["'t Hof", "'s-Hertogenbosch", "'+31 53 489 00 00", "O'Brien; D'Ancona", "'"]
)
def test_apostrophe_of_a_word_or_before_a_number_stays_when_a_file_is_read(text):
    assert with_formula(text) == text


@pytest.mark.parametrize("kind", FORMATS)
def test_export_holds_the_filtered_people_and_says_which(adviser, jan, kind):
    make_contact(family_name="Assink", infix="")
    response = adviser.get(reverse("contact_export", args=[kind]), {"q": "berg", "sector": "research"})
    assert response.status_code == 200
    assert f".{FORMATS[kind].suffix}" in response["Content-Disposition"]
    text = as_text(kind, response.content)
    assert "Universiteit Twente" in text
    assert "+31612345678" in text
    assert "Assink" not in text
    for word in ("Research", "berg", "Made on"):
        assert word in text


def as_text(kind: str, content: bytes) -> str:
    if kind in {"xlsx", "ods"}:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        return str([book.get_sheet_by_name(name).to_python() for name in book.sheet_names])
    return content.decode("utf-8-sig")


@pytest.mark.parametrize("resource", [ContactResource, OrganisationResource])
@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_column_of_an_export_is_recognised_by_its_heading(resource, language):
    told = {"name": "full_name", "aliases": "alias", "sector": "sector_like"}
    not_read = {"parent", "size_class", "people"}
    with override(language):
        for name, field in resource.fields.items():
            if name not in not_read:
                assert field_of(str(field.column_name)) == told.get(name, name)


def test_json_is_a_list_of_objects_with_where_it_comes_from(adviser, jan):
    answer = json.loads(adviser.get(reverse("contact_export", args=["json"])).content)
    assert answer["about"]["name"] == "Contacts"
    assert answer["rows"][0]["Family name"] == "Berg"
    assert answer["rows"][0]["Newsletter"] == "yes"
    assert answer["rows"][0]["May be invited"] == ""


def test_cells_of_a_workbook_are_text_not_formulas():
    table = Table("List", ["a"], [["=1+1"], ["007"]])
    book = openpyxl.load_workbook(io.BytesIO(xlsx(table)))
    assert [(cell.value, cell.data_type) for (cell,) in book.worksheets[0].iter_rows(min_row=2)] == [
        ("=1+1", "s"),
        ("007", "s"),
    ]
    content = zipfile.ZipFile(io.BytesIO(ods(Table("List", ["a"], [["=1+1"]])))).read("content.xml").decode()
    assert "table:formula" not in content


def test_csv_disarms_a_hostile_name(adviser):
    make_contact(family_name="=HYPERLINK(0)", infix="", given_name="@x", form_of_address="")
    response = adviser.get(reverse("contact_export", args=["csv"]))
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig")), delimiter=";"))
    assert "'=HYPERLINK(0)" in rows[2]
    assert "'@x" in rows[2]


# What XML 1.0 section 2.2 leaves out, and the other controls.
UNPRINTABLE = "\ufffe\uffff\x00\x08\x0b\x0c\x1b\x1f\x7f\x80\x85\x9f"


@pytest.mark.parametrize("kind", ["xlsx", "ods", "csv", "csv-comma"])
def test_file_holds_no_character_that_programs_stumble_over(kind):
    table = Table(f'A/B: "1"{UNPRINTABLE}', [f"a{UNPRINTABLE}"], [[f"b{UNPRINTABLE}é"]], [("q", UNPRINTABLE)])
    text = as_text(kind, FORMATS[kind].write(table))
    assert "bé" in text
    assert not set(UNPRINTABLE) & set(text)


@pytest.mark.parametrize("kind", ["csv", "csv-comma"])
def test_formula_is_disarmed_for_both_separators_whichever_is_written(kind):
    table = Table("=name", ["+h"], [["x,=1+1;=2+2"], ["\x00=3+3"]], [("q", "z;=4+4")])
    text = FORMATS[kind].write(table).decode("utf-8-sig")
    cells = [cell for by in ";," for row in csv.reader(text.splitlines(), delimiter=by) for cell in row]
    assert [cell for cell in cells if cell.lstrip('"').startswith(("=", "+"))] == []


def test_vcard_holds_no_controls(jan):
    Contact.objects.filter(pk=jan.pk).update(family_name=f"Be{UNPRINTABLE.replace(chr(0), '')}rg")
    jan.tags.add(make_tag("a\ufffeb"))
    card = vcards(Contact.objects.for_list()).decode()
    assert "FN:Jan van den Berg\r\n" in card
    assert not set(UNPRINTABLE) & set(card)


def test_vcard_follows_the_rules(jan):
    jan.family_name = "Berg; with, odd \\ signs and a name long enough to be folded over lines é"
    jan.save()
    card = vcards(Contact.objects.for_list()).decode()
    assert card.startswith("BEGIN:VCARD\r\nVERSION:4.0\r\n")
    assert card.endswith("END:VCARD\r\n")
    assert max(len(line.encode()) for line in card.split("\r\n")) <= 75
    unfolded = card.replace("\r\n ", "")
    assert "Berg\\; with\\, odd \\\\ signs" in unfolded
    assert "TEL;VALUE=uri;TYPE=cell;PREF=1:tel:+31612345678" in unfolded
    assert "ORG:Universiteit Twente" in unfolded


@pytest.mark.parametrize("name", ["é" * 90, "🙂" * 30, "a" + "🙂" * 30, ";" * 80, "x" * 100])
def test_vcard_folds_by_octets_and_cuts_no_character(jan, name):
    """RFC 6350 section 3.2: at most 75 octets a line, and a reader that joins them gets the whole back."""
    jan.family_name = name
    jan.save()
    lines = vcards(Contact.objects.for_list()).split(b"\r\n")
    assert max(map(len, lines)) <= 75
    whole = "".join(line.decode() + "\r\n" for line in lines).replace("\r\n ", "")
    assert f"N:van den {name}".replace(";", "\\;") in whole


def test_wrong_filter_or_format_exports_nothing(adviser, jan):
    assert adviser.get(reverse("contact_export", args=["csv"]), {"sector": "moon"}).status_code == 404
    assert adviser.get(reverse("contact_export", args=["exe"])).status_code == 404


def test_export_asks_few_questions(adviser, django_assert_max_num_queries):
    for _ in range(30):
        make_contact(organisation=make_organisation())
    with django_assert_max_num_queries(25):
        adviser.get(reverse("contact_export", args=["csv"]))


def exported(client: Client, name: str, *arguments: object, **query: Any) -> Any:
    response = client.get(reverse(name, args=[*arguments, "json"]), query)
    assert response.status_code == 200
    return json.loads(response.content)


def test_organisations_leave_with_their_filter_and_their_people(adviser):
    saxion = make_organisation("Saxion", "education", "research")
    saxion.aliases.create(name="Hogeschool Saxion")
    saxion.tags.add(make_tag("Kennispark"))
    make_contact(organisation=saxion)
    make_organisation("Lumen", "entrepreneurs")
    found = exported(adviser, "organisation_export", sector="research", tag=make_tag("Kennispark").pk)
    about = found["about"]
    assert (about["name"], about["O"], about["Tag"]) == ("Organisations", "Research", "Kennispark")
    assert "Made on" in about
    (row,) = found["rows"]
    wanted = {"Name": "Saxion", "Other names": "Hogeschool Saxion", "Sector": "Education; Research"}
    assert {name: row[name] for name in wanted} == wanted
    assert (row["Tags"], row["Contacts"]) == ("Kennispark", "1")
    assert adviser.get(reverse("organisation_export", args=["json"]), {"sector": "x"}).status_code == 404


def test_organisations_take_a_fixed_number_of_queries(adviser, django_assert_max_num_queries):
    def add(number: int) -> None:
        for _ in range(number):
            make_organisation("", "education", "research").tags.add(tag)

    tag = make_tag()
    add(2)
    with django_assert_max_num_queries(12) as few:
        exported(adviser, "organisation_export")
    add(10)
    with django_assert_max_num_queries(len(few.captured_queries)):
        exported(adviser, "organisation_export")


def test_seats_of_a_body_leave_as_on_the_day_asked_for(adviser):
    first, second = make_contact(family_name="Eerst"), make_contact(family_name="Tweede")
    seat = make_seat("voorzitter")
    make_term(seat=seat, contact=first, start="2020-01-01", end="2021-12-31")
    make_term(seat=seat, contact=second, start="2022-01-01")
    holders = [
        exported(adviser, "body_export", seat.body.pk, on=day)["rows"][0]["Holder"]
        for day in ("2020-05-01", "2025-05-01")
    ]
    assert holders == [str(first), str(second)]


def test_participants_leave_with_answer_and_attendance(adviser):
    event = make_event(in_days=-1)
    person = make_contact(organisation=make_organisation("Saxion"))
    answer = {"status": "accepted", "answered_at": event.starts_at, "needs": "halal", "attended": True}
    make_participation(event=event, contact=person, **answer)
    (row,) = exported(adviser, "event_export", event.pk)["rows"]
    assert (row["Name"], row["E-mail"], row["Answer"], row["Was there"]) == (
        str(person),
        person.email(),
        "yes",
        "yes",
    )
    assert "halal" not in row.values()


def test_what_people_need_leaves_by_itself_of_those_who_may_come(adviser):
    event = make_event()
    for status, needs in (("accepted", "=1+1"), ("tentative", "halal"), ("accepted", ""), ("declined", "no")):
        make_participation(event=event, status=status, answered_at=event.starts_at, needs=needs)
    rows = exported(adviser, "event_needs", event.pk)["rows"]
    assert [list(row.values())[1:3] for row in rows] == [["yes", "=1+1"], ["perhaps", "halal"]]
    assert list(rows[0]) == ["Name", "Answer", "To take into account", "Kwartet number"]
    csv_file = adviser.get(reverse("event_needs", args=[event.pk, "csv"])).content.decode()
    assert "'=1+1" in csv_file


@pytest.mark.parametrize(
    ("name", "made"), [("body_export", make_seat), ("event_export", make_event), ("event_needs", make_event)]
)
def test_unknown_format_is_not_found(adviser, name, made):
    thing = made()
    pk = thing.body.pk if name == "body_export" else thing.pk
    assert adviser.get(reverse(name, args=[pk, "docx"])).status_code == 404
