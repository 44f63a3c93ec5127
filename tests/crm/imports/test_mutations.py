"""Good files, damaged in every way: either rows or a refusal in words, and no row unaccounted for."""

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from crm.imports.reading.formats.dialects import find_dialect, lines_of
from crm.imports.reading.formats.records import Records
from crm.imports.reading.stream import ReadingError, open_table
from tests.crm.imports.workbooks import PEOPLE, ods, workbook

XLSX = workbook(("Lijst", [*PEOPLE, *[[f"Jan {at}", f"jan{at}@example.org"] for at in range(30)]]))
ROW = (
    "<table:table-row>"
    + "<table:table-cell><text:p>Jan</text:p></table:table-cell>" * 2
    + "</table:table-row>"
)
VCARD = b"BEGIN:VCARD\nVERSION:3.0\nN:Bos;Jan;;;\nTEL:0612345678\nEND:VCARD\n" * 5
FILES = {"a.xlsx": XLSX, "a.ods": ods(ROW * 20), "a.vcf": VCARD}
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-32", "cp1252", "cp850", "mac_roman"]
cells = st.text(st.characters(codec="cp1252", exclude_categories=["Cc", "Cs"]), max_size=12)
slow = settings(max_examples=40, deadline=10_000, suppress_health_check=[HealthCheck.function_scoped_fixture])


def read_all(folder: Path, data: bytes, name: str) -> int | None:
    """The number of rows, None when it is refused in words."""
    path = folder / name
    path.write_bytes(data)
    try:
        with open_table(path, name) as table:
            rows = list(table.rows())
    except ReadingError as error:
        return None if str(error) else -1
    assert all(row.number >= 1 and any(cell.strip() for cell in row.cells) for row in rows)
    return len(rows) + table.skipped


@st.composite
def damaged(draw: st.DrawFn) -> tuple[str, bytes]:
    """One of the files with a few bytes changed, cut off, or put in."""
    name = draw(st.sampled_from(sorted(FILES)))
    data = bytearray(FILES[name])
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(data) - 1))
        what = draw(st.sampled_from(["cut", "change", "insert", "zero"]))
        if what == "cut":
            del data[max(at, 4) :]
        elif what == "change":
            data[at] = draw(st.integers(0, 255))
        elif what == "insert":
            data[at:at] = draw(st.binary(min_size=1, max_size=20))
        else:
            data[at : at + 50] = bytes(len(data[at : at + 50]))
    return name, bytes(data)


@slow
@given(damaged())
def test_damaged_files_give_rows_or_words(tmp_path: Path, file: tuple[str, bytes]) -> None:
    name, data = file
    read_all(tmp_path, data, name)


@slow
@given(st.data())
def test_damaged_xml_in_a_sound_workbook(tmp_path: Path, data: st.DataObject) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(XLSX)) as source, zipfile.ZipFile(stream, "w") as target:
        broken = data.draw(
            st.sampled_from([name for name in source.namelist() if name.endswith((".xml", ".rels"))])
        )
        for name in source.namelist():
            part = bytearray(source.read(name))
            if name == broken:
                at = data.draw(st.integers(0, len(part)))
                part[at : at + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=9))
            target.writestr(name, bytes(part))
    read_all(tmp_path, stream.getvalue(), "a.xlsx")


@slow
@example(people=[("", "Þ"), ("", "ÆÙ"), ("Ø", "ìü")], encoding="cp850", delimiter=";", end="\n", nulls=False)
@example(
    people=[("", "ü"), ("³", "ü"), ("¢ÆÐ", "É0ÍÙ")], encoding="cp850", delimiter=";", end="\n", nulls=False
)
@example(people=[("", "ç"), ("ç", "ç")], encoding="mac_roman", delimiter=";", end="\n", nulls=True)
@given(
    people=st.lists(st.tuples(cells, cells), min_size=1, max_size=15),
    encoding=st.sampled_from(ENCODINGS),
    delimiter=st.sampled_from(";,\t|"),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    nulls=st.booleans(),
)
def test_no_row_is_lost(
    tmp_path: Path,
    people: list[tuple[str, str]],
    encoding: str,
    delimiter: str,
    end: str,
    nulls: bool,
) -> None:
    def quoted(cell: str) -> str:
        return '"' + cell.replace('"', '""') + '"'

    lines = [("Naam", "E-mail", "Plaats"), *((first, "j@example.org", last) for first, last in people)]
    text = end.join(delimiter.join(map(quoted, line)) for line in lines) + end
    data = text.replace("example", "exam\0ple" if nulls else "example").encode(encoding, "replace")
    assert read_all(tmp_path, data, "a.csv") == len(people)


@given(
    st.lists(st.sampled_from(['"', "'", ";", ",", "\\", "\n", "\r", "a", "1", " ", "é", "\0"]), max_size=200)
)
def test_every_character_of_text_is_in_some_record(parts: list[str]) -> None:
    text = "".join(parts)
    found = find_dialect(text, whole=True)
    lines = lines_of(text)
    records = list(Records(iter(lines), found.dialect, found.width))
    letters = sum(cell.count("a") + cell.count("1") for _number, cells in records for cell in cells)
    hint = lines[0].count("a") + lines[0].count("1") if found.hint else 0
    assert letters + hint >= text.count("a") + text.count("1")
    numbers = [number for number, _cells in records]
    assert numbers == sorted(set(numbers))


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_zip_that_was_cut_off(tmp_path: Path, share: float) -> None:
    assert read_all(tmp_path, XLSX[: int(len(XLSX) * share)], "a.xlsx") is None
