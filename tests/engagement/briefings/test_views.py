"""Pages and files of what was heard on a theme, for who only reads."""

from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from crm.accounts.roles import Role
from engagement.briefings.pdf import as_pdf
from tests.factories import make_decision, make_evidence, make_item, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.same_on_both]
MARKUP = '#panic("x") *b* _i_ = kop $x$ @ref <b>vet</b> \\ #read("/etc/passwd") `raw` \x0b'

UA_1 = b"<pdfuaid:part>1</pdfuaid:part>"
WHO = "somebody from education"


@pytest.fixture
def reader(client: Client) -> Client:
    client.force_login(make_user(Role.READER))
    return client


@pytest.fixture
def said(say):
    statement = say("De bus is <b>te</b> laat.")
    make_evidence(statement, make_item(title="Snelle bus"), reason_nl="Hij komt er.")
    make_decision(make_item())
    say("De brug.")
    return statement


def path(name: str, *more: str) -> str:
    return reverse(f"briefing_{name}", args=["battle-for-talent", *more])


def test_reader_begins_on_today_and_reads_a_theme(reader, said):
    assert path("detail") in reader.get(reverse("today")).content.decode()
    assert path("detail") in reader.get(reverse("briefing_list")).content.decode()
    text = reader.get(path("detail")).content.decode()
    for words in (
        "De bus is &lt;b&gt;te&lt;/b&gt; laat.",
        "Snelle bus",
        "Hij komt er.",
        "De halte komt er.",
        "De brug.",
    ):
        assert words in text
    assert "van den" not in text
    assert reader.get("/themes/nothing/").status_code == 404


def test_team_has_its_own_today(client, said):
    client.force_login(make_user(Role.CORE_TEAM))
    assert "themes" not in client.get(reverse("today")).context


def test_page_reads_in_a_number_of_queries_that_does_not_depend_on_how_many(
    reader, said, say, django_assert_max_num_queries
):
    for number in range(12):
        make_evidence(say(f"Zin {number}."), make_item())
    with django_assert_max_num_queries(32):
        reader.get(path("detail"))


def test_pdf_is_tagged_and_says_its_title_and_language(reader, said):
    answer = reader.get(path("export", "pdf"))
    assert answer["Content-Type"] == "application/pdf"
    content = answer.content
    assert content.startswith(b"%PDF-")
    assert b"/MarkInfo" in content
    assert b"/Lang(en)" in content.replace(b"/Lang (", b"/Lang(")
    assert UA_1 in content


@pytest.mark.parametrize("words", [MARKUP, "你好 😀 \u202eomgekeerd"])
def test_pdf_takes_what_was_typed_as_it_is(briefing, say, words):
    statement = say("De bus.")
    type(statement).objects.filter(pk=statement.pk).update(wording=words)
    make_evidence(statement, make_item(title=words[:100]), reason_nl=words)
    assert as_pdf(briefing).startswith(b"%PDF-")


def test_pdf_with_letters_of_our_fonts_meets_the_standard_whatever_they_say(briefing, say):
    statement = say("De bus.")
    type(statement).objects.filter(pk=statement.pk).update(wording=MARKUP)
    assert UA_1 in as_pdf(briefing)


def test_spreadsheet_has_each_sentence_as_it_may_leave_the_house(reader, said):
    content = reader.get(path("export", "xlsx")).content
    rows = [[cell.value or "" for cell in row] for row in load_workbook(BytesIO(content)).worksheets[0]]
    found = {row[2]: row for row in rows}
    assert found["De bus is <b>te</b> laat."] == [
        *("1.1.1", "Snelle bus", "De bus is <b>te</b> laat.", "yes", WHO, "Education", ""),
        *("adopted", "Hij komt er.", ""),
    ]
    assert found["De brug."][:2] == ["", ""]
    assert found["De brug."][7] == "not used yet"
    assert reader.get(path("export", "doc")).status_code == 404
