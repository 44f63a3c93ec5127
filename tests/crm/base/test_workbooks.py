"""Workbooks as whoever opens them finds them."""

import io
import zipfile
from datetime import date
from xml.etree import ElementTree
from xml.sax.saxutils import quoteattr

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from crm.base.tables import Table
from crm.base.workbooks import ods, xlsx

DAY = date(2026, 3, 9)
LONG = "Coöperatie voor regionale ontwikkeling in het oosten van het land en ver daarbuiten"
# 28 columns: the last one is AB.
HEADINGS = ["Name", "Organisation", "Heard", *(f"h{n}" for n in range(25))]
TABLE = Table('Who\'s "there"', HEADINGS, [["Jan", LONG, DAY, *[""] * 25], ["007", "", "", *[""] * 25]])
LIST = Table(TABLE.name, HEADINGS, list(TABLE.rows), [("Made on", "today")])


def test_xlsx_opens_with_its_headings_in_sight_a_filter_and_fitting_columns():
    sheet, about = openpyxl.load_workbook(io.BytesIO(xlsx(LIST))).worksheets
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:AB3")
    widths = {name: sheet.column_dimensions[name].width for name in "ABC"}
    assert widths == {"A": 6, "B": 48, "C": 12}
    assert [sheet["A1"].font.bold, sheet["A2"].font.bold] == [True, False]
    assert (about.freeze_panes, about["B1"].value) == (None, "today")


def test_xlsx_has_days_that_are_days_and_text_for_the_rest():
    sheet = openpyxl.load_workbook(io.BytesIO(xlsx(LIST))).worksheets[0]
    assert (sheet["C2"].value.date(), sheet["C2"].is_date) == (DAY, True)
    assert (sheet["A3"].value, sheet["A3"].data_type) == ("007", "s")


def test_ods_opens_with_its_headings_in_sight_a_filter_and_fitting_columns():
    archive = zipfile.ZipFile(io.BytesIO(ods(LIST)))
    content = archive.read("content.xml").decode()
    for name in ("content.xml", "settings.xml", "META-INF/manifest.xml"):
        ElementTree.fromstring(archive.read(name))
    target = "'Who''s \"there\"'.A1:'Who''s \"there\"'.AB3"
    assert f"table:target-range-address={quoteattr(target)}" in content
    assert content.count('table:style-name="w48"/>') == 1
    assert content.count('table:style-name="heading"') == len(HEADINGS)
    assert 'config:name="VerticalSplitPosition" config:type="int">1<' in archive.read("settings.xml").decode()


@pytest.mark.parametrize("write", [xlsx, ods])
def test_days_come_back_as_days(write):
    rows = CalamineWorkbook.from_filelike(io.BytesIO(write(LIST))).get_sheet_by_index(0).to_python()
    assert rows[1][:3] == ["Jan", LONG, DAY]
    assert rows[2][0] == "007"
