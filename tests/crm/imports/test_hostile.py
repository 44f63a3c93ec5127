"""Files made to break a reader: each is read correctly or refused in words, quickly and in little memory."""

import zipfile
from collections.abc import Callable, Iterable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from crm.base.said import told
from crm.imports.reading.stream import ReadingError, open_table
from tests.crm.imports.workbooks import PEOPLE, SHEET, ods, repacked, with_size, workbook

HEAD = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
TEXT = b'<row><c t="inlineStr"><is><t>%s</t></is></c></row>'
END = b"</sheetData></worksheet>"
MEGABYTE = b"x" * (1 << 20)
CELL = '<table:table-cell office:value-type="string"%s><text:p>Naam</text:p></table:table-cell>'
LAUGHS = b"".join(b'<!ENTITY %c "%s">' % (98 + at, b"&%c;" % (97 + at) * 10) for at in range(9))


def sheet(*pieces: bytes) -> bytes:
    return repacked(workbook(), SHEET, lambda _old: pieces)


def read_all(folder: Path, data: bytes, name: str) -> list[list[str]]:
    path = folder / name
    path.write_bytes(data)
    with open_table(path, name) as table:
        return [table.headings, *(row.cells for row in table.rows())]


def big_cell() -> Iterable[bytes]:
    return [HEAD, b'<row><c t="inlineStr"><is><t>', *[MEGABYTE] * 300, b"</t></is></c></row>", END]


def zip_in_zip() -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("relaties.xlsx", workbook())
    return stream.getvalue()


def far(cell: str) -> bytes:
    return workbook(change=lambda sheet: sheet.__setitem__(cell, "ver weg"))


REFUSED: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "a cell of 300 MB": (lambda: sheet(*big_cell()), "a.xlsx", "more than Kwartet can hold"),
    "a tag of 50 MB": (
        lambda: sheet(HEAD, b'<row><c r="', *[MEGABYTE] * 50, b'"/></row>', END),
        "a.xlsx",
        "a cell has more than",
    ),
    "1.5 million rows": (
        lambda: sheet(HEAD, *[b"<row><c><v>1</v></c></row>" * 1000] * 1500, END),
        "a.xlsx",
        "more than 200000 rows",
    ),
    "a document type": (lambda: sheet(b'<!DOCTYPE a [<!ENTITY x "y">]>', HEAD, END), "a.xlsx", "entities"),
    "a billion laughs": (
        lambda: sheet(b'<!DOCTYPE a [<!ENTITY a "ha">', LAUGHS, b"]>", HEAD, TEXT % b"&j;", END),
        "a.xlsx",
        "entities",
    ),
    "a cell in the last column": (
        lambda: far("XFD1048576"),
        "a.xlsx",
        "cell XFD1048576 is filled, beyond column 512",
    ),
    "a cell beyond the columns of the second sheet": (
        lambda: workbook(("Lijst", PEOPLE), ("Meer", [["Naam"], ["Jan Bos", *[None] * 511, "ver"]])),
        "a.xlsx",
        "cell Meer!SS2 is filled, beyond column 512",
    ),
    "a workbook in a zip": (zip_in_zip, "a.xlsx", "not a spreadsheet"),
    "a size that is too small": (lambda: with_size(workbook(), SHEET, 10), "a.xlsx", "damaged"),
    "400 MB that say 1 kB": (
        lambda: with_size(sheet(HEAD, *[b" " * (1 << 20)] * 400, END), SHEET, 1000),
        "a.xlsx",
        "damaged",
    ),
    "400 MB of nothing": (
        lambda: sheet(HEAD, *[b" " * (1 << 20)] * 400, END),
        "a.xlsx",
        "unpacks to more than Kwartet can hold",
    ),
    "a million times the same row": (
        lambda: ods(f'<table:table-row table:number-rows-repeated="1048576">{CELL % ""}</table:table-row>'),
        "a.ods",
        "more than 200000 rows",
    ),
    "sixteen thousand times the same cell": (
        lambda: ods(
            "<table:table-row>" + CELL % ' table:number-columns-repeated="16384"' + "</table:table-row>"
        ),
        "a.ods",
        "cell XFD1 is filled, beyond column 512",
    ),
    "a line of 20 MB": (lambda: b"Naam;E-mail\n" + MEGABYTE * 20, "a.csv", "a cell has more than"),
    "a file of quotes": (lambda: b"Naam;E-mail\n" + b'"' * 2_000_000, "a.csv", "a cell has more than"),
    "a million quotes that do not close": (
        lambda: b"Naam;E-mail\n" + b'"a;' * 1_000_000,
        "a.csv",
        "column 512",
    ),
    "as many cards as rows": (
        lambda: b"BEGIN:VCARD\nFN:x y\nEND:VCARD\n" * 200_000,
        "a.vcf",
        "more than 200000 rows",
    ),
    "a card of 10 MB": (
        lambda: b"BEGIN:VCARD\nFN:x\nNOTE:" + MEGABYTE * 10 + b"\nEND:VCARD\n",
        "a.vcf",
        "a cell has more than",
    ),
    "a card without end": (
        lambda: b"BEGIN:VCARD\nNOTE:" + b"\n x" * 1_000_000,
        "a.vcf",
        "a cell has more than",
    ),
    "1.5 million records": (
        lambda: b"[" + b'{"a":1},' * 1_500_000 + b"{}]",
        "a.json",
        "more than 200000 rows",
    ),
    "as many records as rows": (
        lambda: b"[" + b'{"Naam":1},' * 199_999 + b"{}]",
        "a.json",
        "more than 200000 rows",
    ),
    "many names": (
        lambda: b"[{" + b",".join(b'"n%d":1' % at for at in range(200_000)) + b"}]",
        "a.json",
        "cell SS1 is filled, beyond column 512",
    ),
    "another name in each record": (
        lambda: b"[" + b",".join(b'{"n%d":1}' % at for at in range(100_000)) + b"]",
        "a.json",
        "cell SS513 is filled, beyond column 512",
    ),
    "a value of 20 MB": (lambda: b'[{"Naam":"' + MEGABYTE * 20 + b'"}]', "a.json", "a record has more"),
    "a name of 1 MB": (lambda: b'[{"' + MEGABYTE + b'":1}]', "a.json", "a cell has more than"),
    "a value of 100 kB": (lambda: b'[{"Naam":"' + MEGABYTE[:100_000] + b'"}]', "a.json", "a cell has more"),
    "twenty million lists in lists": (lambda: b"[" * 20_000_000, "a.json", "Record 1 is not like that"),
    "a value as deep": (lambda: b'[{"a":' + b"[" * 9_000_000, "a.json", "Record 1 is not like that"),
    "an object as deep": (lambda: b'{"a":' * 4_000_000, "a.json", "Record 1 is not like that"),
    "five million empty lists": (
        lambda: b'[{"a":[' + b"[]," * 5_000_000 + b"[]]}]",
        "a.json",
        "a record has more than 4000000 characters",
    ),
    "a million empty lists": (
        lambda: b'[{"a":[' + b"[]," * 1_300_000 + b"[]]}]",
        "a.json",
        "Record 1 is not like that",
    ),
    "twenty million blanks": (lambda: b"[{}," + b" " * 20_000_000 + b"1]", "a.json", "Record 2 is not like"),
    "a list of numbers": (lambda: b"[1, 2]", "a.json", "Record 1 is not like that"),
    "a number among records": (lambda: b'[{"Naam":"Jan Bos"}, 2]', "a.json", "Record 2 is not like that"),
    "a record in a record": (
        lambda: b'[{"Naam":"Jan Bos"}, {"Naam":{"voor":"Els"}}]',
        "a.json",
        "Record 2 is not like that",
    ),
    "no list of records": (
        lambda: b'{"about": {"a": []}, "count": 3}',
        "a.json",
        "Record 1 is not like that",
    ),
    "a list that stops": (lambda: b'[{"Naam":"Jan Bos"},{"Naam":"El', "a.json", "damaged"),
    "no JSON after all": (lambda: b'[{"Naam" "Jan Bos"}]', "a.json", "damaged"),
    "no records": (lambda: b'{"rows": []}', "a.json", "nothing in the file"),
    "no card": (lambda: b"BEGIN:VCARD\nFN:Jan Bos\n", "a.vcf", "not a spreadsheet"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_refused_in_words(tmp_path: Path, what: str) -> None:
    make, name, words = REFUSED[what]
    with translation.override("en"), pytest.raises(ReadingError, match=words):
        read_all(tmp_path, make(), name)


def test_too_many_rows_on_several_sheets_are_refused_at_the_row_that_passes_the_limit(
    tmp_path: Path, settings: Any
) -> None:
    """No sheet has too many by itself: the second one passes the limit, the third is never reached."""
    settings.IMPORT_ROWS = 1000
    people = [["Naam", "E-mail"], *([f"Jan Bos {at}", f"jan{at}@example.org"] for at in range(620))]
    path = tmp_path / "lijst.xlsx"
    path.write_bytes(workbook(*((name, people) for name in ("Een", "Twee", "Drie"))))
    read: list[str] = []
    with open_table(path, path.name) as table:
        assert table.sheets == ["Een", "Twee", "Drie"]
        with translation.override("en"), pytest.raises(ReadingError, match="more than 1000 rows"):
            read.extend(row.sheet for row in table.rows())
    assert "Drie" not in read


@pytest.mark.parametrize(("cards", "fits"), [(9, True), (10, False)])
def test_cards_are_counted_no_further_than_the_limit(
    tmp_path: Path, settings: Any, cards: int, fits: bool
) -> None:
    settings.IMPORT_ROWS = 10  # the headings are a row
    data = "".join(f"BEGIN:VCARD\nFN:Jan Bos {at}\nEND:VCARD\n" for at in range(cards)).encode()
    if fits:
        assert len(read_all(tmp_path, data, "a.vcf")) == cards + 1
    else:
        with translation.override("en"), pytest.raises(ReadingError, match="more than 10 rows"):
            read_all(tmp_path, data, "a.vcf")


def test_one_cell_in_the_last_row_is_read(tmp_path: Path) -> None:
    assert read_all(tmp_path, far("A1048576"), "a.xlsx")[-1] == ["ver weg"]


def test_empty_rows_without_end_are_no_rows(tmp_path: Path) -> None:
    pieces = [HEAD, TEXT % b"Naam", *[b"<row/>" * 1000] * 500, TEXT % b"Jan Bos", END]
    assert read_all(tmp_path, sheet(*pieces), "a.xlsx") == [["Naam"], ["Jan Bos"]]


@pytest.mark.parametrize("filled", ["", " ", "\u00a0\n"])
def test_blanks_far_away_are_no_cell(tmp_path: Path, filled: str) -> None:
    """Somebody emptied a cell with the space bar, or an export goes on to the last column there is."""
    blanks = f"<table:table-cell table:number-columns-repeated='16382'/><table:table-cell><text:p>{filled}"
    row = f"<table:table-row>{CELL % ''}{blanks}</text:p></table:table-cell></table:table-row>"
    people = [["Naam"], ["Jan Bos"]]
    assert read_all(tmp_path, ods(row + row.replace("Naam", "Jan Bos")), "a.ods") == people
    data = workbook(("Lijst", people), change=lambda sheet: sheet.__setitem__("XFD2", filled))
    assert read_all(tmp_path, data, "a.xlsx") == people
    text = f"Naam{';' * 16_383}\nJan Bos{';' * 16_382}{filled.strip(chr(10))};\n".encode()
    table = read_all(tmp_path, text, "a.csv")
    assert [row[0] for row in table] == ["Naam", "Jan Bos"]


def test_sizes_that_are_too_large_do_no_harm(tmp_path: Path) -> None:
    data = with_size(workbook(), SHEET, 4_000_000_000)
    assert len(read_all(tmp_path, data, "a.xlsx")) == 3


def test_unclosed_quotes_cost_no_row(tmp_path: Path) -> None:
    data = b"Naam;E-mail\n" + b'"Jan;\n' * 20_000
    assert len(read_all(tmp_path, data, "a.csv")) == 20_001


@pytest.mark.parametrize(
    ("data", "name"),
    [(workbook(), "relaties.csv"), (b"Naam;E-mail\nJan Bos;jan@example.org\n", "relaties.xls")],
)
def test_file_is_read_as_what_it_is_and_that_is_said(tmp_path: Path, data: bytes, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with translation.override("en"), open_table(path, name) as table:
        assert table.headings == ["Naam", "E-mail"]
        assert "it was read as what it is" in told(table.remarks)


def test_child_ends_with_its_reader(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"Naam;E-mail\n" + b"Jan Bos;jan@example.org\n" * 50_000)
    with open_table(path, "a.csv") as table:
        next(table.rows())
        child = table._process._process
    assert child.returncode is not None
