"""Files that are no spreadsheet, or a hostile one: refused in words, quickly, without harm."""

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
from django.conf import LazySettings
from django.utils import translation

from crm.imports.reading.stream import ReadingError
from tests.crm.imports.plans import make_plan

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20
pytestmark = [pytest.mark.django_db, pytest.mark.same_on_both]


def refusal(data: bytes, name: str, *, kind: str = "") -> str:
    with translation.override("en"), pytest.raises(ReadingError) as refused:
        make_plan(data, name, kind=kind)
    with translation.override("en"):
        return str(refused.value)


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"", "leeg.csv", "empty"),
        (b" \n\n", "leeg.csv", "empty"),
        (b";;;\n;;;\n", "leeg.csv", "nothing in the file"),
        (PNG, "foto.csv", "not a spreadsheet"),
        (PNG, "foto.xlsx", "not a spreadsheet"),
        (b"%PDF-1.7\n", "brief.csv", "not a spreadsheet"),
        (b"<!DOCTYPE html><table>", "export.xls", "not a spreadsheet"),
        (b"hello", "brief.docx", ".docx"),
        (b"PK\x03\x04" + PNG, "stuk.xlsx", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + PNG, "stuk.xls", "damaged"),
        (b"some words\nand more words\n", "tekst.csv", "headings"),
        (b"Naam;E-mail\n", "kop.csv", "no rows"),
    ],
)
def test_what_is_wrong_with_a_file_is_said_in_words(data: bytes, name: str, words: str) -> None:
    assert words in refusal(data, name)


def test_contacts_without_any_name_column_are_refused() -> None:
    assert "names of people" in refusal(b"E-mail;Telefoon\nj@example.org;0534801234\n", "x.csv")
    organisations = b"E-mail;Organisatie\nj@example.org;Saxion\n"
    assert "names of people" in refusal(organisations, "x.csv", kind="contacts")


def workbook(cell: str) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"], sheet["A2"], sheet[cell] = "Naam", "Jan Bos", "x"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize("cell", ["XFD1048576", "ZZ90000", "AAA1000000"])
def test_one_cell_far_away_is_refused(cell: str) -> None:
    assert "more than Kwartet can hold" in refusal(workbook(cell), "ver.xlsx")


def repacked(data: bytes, name: str, old: bytes, new: bytes) -> bytes:
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for entry in source.infolist():
            content = source.read(entry)
            target.writestr(entry.filename, content.replace(old, new) if entry.filename == name else content)
    return stream.getvalue()


def test_lying_dimension_does_no_harm() -> None:
    sheet = "xl/worksheets/sheet1.xml"
    data = repacked(workbook("B2"), sheet, b'<dimension ref="A1:B2"', b'<dimension ref="A1:XFD1048576"')
    assert [row.number for row in make_plan(data, "liegt.xlsx").rows] == [2]


def test_archive_that_unpacks_to_far_more_is_refused(settings: LazySettings) -> None:
    settings.IMPORT_UNPACKED_MEGABYTES = 20
    data = repacked(
        workbook("B2"), "xl/worksheets/sheet1.xml", b"</worksheet>", b" " * 21_000_000 + b"</worksheet>"
    )
    assert "more than Kwartet can hold" in refusal(data, "bom.xlsx")


def test_row_numbers_are_lines_of_the_file() -> None:
    data = b'Naam;Opmerking\r\n"Jan Bos";"een\r\ntwee"\r\n\r\nEls Bos;\r\n'
    assert [row.number for row in make_plan(data, "x.csv").rows] == [2, 5]


def test_hint_of_excel_about_the_delimiter_is_followed() -> None:
    plan = make_plan(b"sep=|\r\nNaam|Tel;Mob\r\nJan Bos|\r\n", "x.csv")
    assert [heading for heading, _field in plan.columns] == ["Naam", "Tel;Mob"]


def test_naughty_strings_in_cells_come_through(corpora: Path) -> None:
    strings = (corpora / "naughty-strings" / "blns.txt").read_text(errors="replace").splitlines()
    cells = [text.replace('"', '""') for text in strings if text.strip() and "\0" not in text]
    body = "".join(f'"{cell}";"{cell}";"{cell}";"{cell}";"{cell}"\n' for cell in cells)
    plan = make_plan(("Naam;E-mail;Telefoon;Thema;Laatst gesproken\n" + body).encode(), "naughty.csv")
    assert len(plan.rows) > 400
    assert {row.action for row in plan.rows} <= {"new", "refused", "duplicate", "same", "changed"}
