"""Files of other projects: read as they expect it, none with an exception."""

import json
from pathlib import Path

import pytest

from crm.imports.reading.stream import SUFFIXES, ReadingError, open_table

FOLDERS = ["frictionless-tables", "tablib-files", "pyexcel-ods-fixtures", "django-import-export-files"]
# What is no table, whatever reads it.
UNREADABLE = {
    "frictionless-tables/compression/implicit-gz.csv": "compressed, and called .csv",
    "frictionless-tables/compression/implicit-zip.csv": "compressed, and called .csv",
    "frictionless-tables/empty.csv": "no byte in it",
}


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_file_is_read(corpora: Path, folder: str) -> None:
    read, refused = 0, set()
    for path in sorted((corpora / folder).rglob("*")):
        if path.suffix.lower() not in SUFFIXES or path.name == "SOURCE.txt":
            continue
        try:
            with open_table(path, path.name) as table:
                assert table.headings
                list(table.rows())
            read += 1
        except ReadingError:
            refused.add(str(path.relative_to(corpora)))
    assert read
    assert refused == {name for name in UNREADABLE if name.startswith(folder)}


def names(corpora: Path) -> list[Path]:
    return sorted((corpora / "csv-spectrum" / "csvs").glob("*.csv"))


def test_csv_spectrum_is_equal(corpora: Path) -> None:
    for path in names(corpora):
        text = (path.parents[1] / "json" / f"{path.stem}.json").read_text("utf-8").replace("\\r\\n", "\\n")
        wanted = json.loads(text)
        with open_table(path, path.name) as table:
            found = [dict(zip(table.headings, row.cells, strict=True)) for row in table.rows()]
        if path.stem == "location_coordinates":  # its answer is one object, with another telephone number
            wanted = [wanted | {"Contact Phone Number": "2095257564"}]
        assert found == wanted, path.name
    assert len(names(corpora)) == 12


@pytest.mark.parametrize(
    ("name", "headings"),
    [
        ("multiline-headers.xlsx", ["Region", "Caloric contribution (%)"]),
        ("skip-rows-before-headers.csv", ["id", "name"]),
        ("issue-825.csv", ["Musei", "2011"]),
        ("chunk2.headless.csv", ["", ""]),
        ("issue-1138.csv", ["Zeit [MEZ]", "Wasserstand"]),
    ],
)
def test_headings_of_odd_tables(corpora: Path, name: str, headings: list[str]) -> None:
    with open_table(corpora / "frictionless-tables" / name, name) as table:
        assert table.headings[:2] == headings
