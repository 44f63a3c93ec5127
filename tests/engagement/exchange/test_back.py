"""What went out comes back: known again, with other codes where they were changed elsewhere."""

import zipfile
from io import BytesIO

import pytest

from crm.accounts.models import User
from crm.accounts.roles import Role
from crm.base.said import told
from crm.base.writers import FORMATS
from crm.imports import background, services
from crm.imports.models import ImportBatch
from engagement.codes.models import Code
from engagement.exchange.project import released_project, whole_project
from engagement.exchange.tables import statement_table
from engagement.statements.models import Statement
from engagement.statements.services import set_codes
from tests.crm.imports.plans import make_plan
from tests.engagement.statements.imported.lists import actions, undone
from tests.factories import make_contact, make_interview, make_statement, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.same_on_both]
EMOJI = "Hal 🏭: “te klein”, zei hij; 't is zo."


@pytest.fixture
def user() -> User:
    return make_user(Role.CORE_TEAM)


@pytest.fixture
def statements() -> list[Statement]:
    """With emoji and line ends of Windows before them, and one in our words."""
    interview = make_interview(make_contact(), notes=f"Één 👩‍👩‍👧.\r\n{EMOJI}\r\nDe bus is laat.")
    above = Code.objects.create(name="ruimte")
    Code.objects.create(name="hal; of loods", parent=above)
    make_statement(EMOJI, interview=interview, codes=["ruimte", "loods"], stance="concern")
    make_statement(
        "De bus is laat.", interview=interview, wording="Meer bussen", codes=["ov"], aspect="software"
    )
    return list(Statement.objects.order_by("pk"))


def planned(content: bytes, name: str, by: User) -> ImportBatch:
    return services.store(plan=make_plan(content, name), by=by)


def applied(batch: ImportBatch) -> ImportBatch:
    return background.apply_now(batch=batch)


def codes(statement: Statement) -> list[str]:
    return sorted(str(one) for one in statement.codes.all())


@pytest.mark.parametrize("kind", ["xlsx", "ods", "csv", "csv-comma", "json"])
def test_export_of_statements_comes_back_as_the_same(kind, statements, user):
    form = FORMATS[kind]
    content = form.write(statement_table(Statement.objects.all()))
    assert actions(planned(content, f"uitspraken.{form.suffix}", user)) == ["same", "same"]


def test_projects_come_back_as_the_same(statements, user):
    for content in (whole_project(user), released_project()):
        assert actions(planned(content, "project.qdpx", user)) == ["same", "same"]


def test_other_codes_come_back_and_can_be_undone(statements, user):
    content = FORMATS["csv"].write(statement_table(Statement.objects.order_by("pk")))
    changed = content.replace(b"ruimte; loods", b"stroom; ruimte").replace(b"zorg", b"wens")
    batch = planned(changed, "uitspraken.csv", user)
    assert sorted(actions(batch)) == ["changed", "same"]
    assert "1 code is nieuw en wordt gemaakt: “stroom”." in [told([one]) for one in batch.remarks]
    applied(batch)
    one = Statement.objects.get(pk=statements[0].pk)
    assert (codes(one), one.stance, one.passage, one.version) == (["ruimte", "stroom"], "wish", EMOJI, 2)
    assert codes(statements[1]) == ["ov"]
    undone(batch)
    one.refresh_from_db()
    assert (codes(one), one.stance) == (["loods", "ruimte"], "concern")
    assert not Code.objects.filter(name="stroom").exists()


def test_only_what_is_empty_is_filled_where_somebody_chose_that(statements, user):
    content = FORMATS["csv"].write(statement_table(Statement.objects.all()))
    changed = content.replace(b"ruimte; loods", b"stroom").replace(
        b"Meer bussen;ov;;", b"Meer bussen;ov;wens;"
    )
    batch = planned(changed, "uitspraken.csv", user)
    assert actions(batch) == ["changed", "changed"]
    batch.rows.update(decision="fill")
    applied(batch)
    assert [codes(one) for one in statements] == [["loods", "ruimte"], ["ov"]]
    assert Statement.objects.get(pk=statements[1].pk).stance == "wish"
    undone(batch)
    assert Statement.objects.get(pk=statements[1].pk).stance == ""


def test_what_was_coded_otherwise_meanwhile_stays(statements, user):
    content = FORMATS["csv"].write(statement_table(Statement.objects.all()))
    batch = planned(content.replace(b"ruimte; loods", b"stroom"), "uitspraken.csv", user)
    set_codes(statement=statements[0], codes=[Code.objects.get(name="ov")], by=user)
    applied(batch)
    assert codes(statements[0]) == ["ov"]
    assert "refused" in actions(batch)


def test_undoing_leaves_what_was_changed_since(statements, user):
    content = FORMATS["csv"].write(statement_table(Statement.objects.all()))
    batch = applied(planned(content.replace(b"ruimte; loods", b"stroom"), "uitspraken.csv", user))
    set_codes(statement=statements[0], codes=[Code.objects.get(name="ov")], by=user)
    undone(batch)
    assert codes(statements[0]) == ["ov"]
    assert [told(row.kept) for row in batch.rows.exclude(changes={})] == [
        "Bewaard, omdat de uitspraak sindsdien is gewijzigd."
    ]


def test_other_words_do_not_come_back(statements, user):
    content = FORMATS["csv"].write(statement_table(Statement.objects.all()))
    batch = planned(content.replace(b"De bus is laat.", b"De bus is stuk."), "uitspraken.csv", user)
    assert actions(batch) == ["same", "same"]
    assert [told(row.reason) for row in batch.rows.all() if row.reason] == [
        "De woorden zijn in Kwartet anders; die blijven, want zo is het gezegd."
    ]


def test_an_emptied_cell_empties_nothing(statements, user):
    content = FORMATS["csv"].write(statement_table(Statement.objects.all()))
    assert actions(planned(content.replace(b"ruimte; loods", b""), "uitspraken.csv", user)) == [
        "same",
        "same",
    ]


def a_project(text: bytes, selections: str, beside: str = "AA.txt") -> bytes:
    """As another program writes it."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(f"sources/{beside}", text)
        archive.writestr(
            "project.qde",
            '<?xml version="1.0" encoding="utf-8"?><Project name="x" origin="ATLAS.ti"'
            ' xmlns="urn:QDA-XML:project:1.0"><CodeBook><Codes>'
            '<Code guid="{11111111-1111-1111-1111-111111111111}" name="eten &amp; drinken" isCodable="false">'
            '<Code guid="22222222-2222-2222-2222-222222222222" name="ontbijt; laat" isCodable="true"/></Code>'
            '</Codes></CodeBook><Sources><TextSource guid="AA" name="Gesprek"'
            f' plainTextPath="internal://AA.txt">{selections}</TextSource></Sources></Project>',
        )
    return file.getvalue()


def selection(start: int, end: int, number: int = 1) -> str:
    return (
        f'<PlainTextSelection guid="00000000-0000-0000-0000-00000000000{number}" startPosition="{start}"'
        f' endPosition="{end}"><Coding guid="{number}"><CodeRef'
        ' targetGUID="22222222-2222-2222-2222-222222222222"/></Coding></PlainTextSelection>'
    )


def test_project_of_another_program_brings_its_passages_in(user):
    """The last character is not in it, as in the example of Annex A: "granola" is 62 to 69."""
    text = "🥣 Pay de Limón\r\n".encode() + b"." * 46 + b"granola\r\nmelk"
    batch = applied(planned(a_project(text, selection(62, 69) + selection(69, 75, 2)), "x.qdpx", user))
    found = Statement.objects.order_by("pk")
    assert [one.passage for one in found] == ["granola", "melk"]
    assert {one.origin for one in found} == {"Gesprek"}
    assert codes(found[0]) == ["ontbijt, laat"]
    assert actions(planned(a_project(text, selection(62, 69)), "x.qdpx", user)) == ["same"]
    undone(batch)
    assert not Statement.objects.exists()


def test_project_with_places_that_are_none_refuses_those_rows(user):
    content = a_project(b"granola", selection(0, 7) + selection(90, 95, 2) + selection(5, 2, 3))
    assert actions(planned(content, "x.qdpx", user)) == ["new", "refused", "refused"]


def test_selections_of_sources_that_are_missing_are_refused(user):
    content = a_project(b"granola", selection(0, 7), beside="BB.txt")
    assert actions(planned(content, "x.qdpx", user)) == ["refused"]
