"""Statements from a spreadsheet: planned, brought in, known again, and taken back."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from crm.accounts.models import User
from crm.accounts.roles import Role
from crm.base import jobs
from crm.base.said import told
from crm.imports import background, reading_files, services
from crm.imports.models import ImportBatch
from crm.imports.planning import plans as planning
from crm.imports.refused_rows import refused_table
from crm.imports.undoing.pieces import undo_chosen
from engagement.codes.models import Code
from engagement.statements.models import Statement
from engagement.statements.recoding import merge_codes
from engagement.statements.services import set_codes, split_statement
from tests.engagement.statements.imported.lists import HALL, HEADINGS, LAMP, actions, applied, planned, undone
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


def statement(code: str) -> Statement:
    return Statement.objects.get(external_id=code)


def codes(one: Statement) -> list[str]:
    return [str(coded) for coded in one.coded.all()]


def remarks(batch: ImportBatch) -> list[str]:
    return [told([one]) for one in batch.remarks]


def kept(batch: ImportBatch) -> list[str]:
    return [told(row.kept) for row in batch.rows.order_by("position")]


def test_statements_come_in_with_their_codes() -> None:
    Code.objects.create(name="Ruimte")
    batch = applied(HALL + LAMP)
    assert remarks(batch) == ["2 codes are new and will be made: “Parkeren”, “Licht”."]
    one = statement("1")
    assert (one.passage, one.stance, one.origin) == (
        "De hal is te klein.",
        "concern",
        "Ans Bakker, ondernemers",
    )
    assert (one.anchor, one.writeup, one.speaker, one.created_by) == ("loose", None, None, batch.created_by)
    assert codes(one) == ["Ruimte", "Parkeren"]
    assert codes(statement("2")) == ["Licht"]


def test_second_import_changes_nothing() -> None:
    applied(HALL + LAMP)
    before = list(Statement.objects.values())
    assert actions(applied(HALL + LAMP)) == ["same", "same"]
    assert list(Statement.objects.values()) == before


def test_same_words_without_a_code_elsewhere_are_counted() -> None:
    headings, groen = "Uitspraak;Bron\n", "Meer groen.;sessie 3\n"
    assert actions(applied(groen + groen, headings=headings)) == ["new", "new"]
    other = "Meer groen.;sessie 4\n"
    assert actions(planned(groen * 3 + other, headings=headings)) == ["same", "same", "new", "new"]


def test_row_that_comes_twice_is_taken_once() -> None:
    batch = applied(HALL + HALL)
    assert actions(batch) == ["new", "repeated"]
    assert Statement.objects.count() == 1


def test_same_code_elsewhere_with_other_words_is_said() -> None:
    applied(HALL)
    row = planned(HALL.replace("klein", "groot")).rows.get()
    assert (row.action, told(row.reason)) == (
        "new",
        "Another statement has the code 1 already, with other words.",
    )


@pytest.mark.same_on_both
@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("3;;;;;groen;1;0\n", "There is no text in this row."),
        ("3;Hm.;;;;...;0;0\n", "“...” cannot be the name of a code: it has no letters."),
        (f"3;Hm.;;;;{'a' * 81};0;0\n", f"“{'a' * 30}…” is longer than 80 characters."),
        (f"{'3' * 51};Hm.;;;;;0;0\n", f"“{'3' * 30}…” is longer than 50 characters."),
    ],
)
def test_bad_row_comes_back_with_its_reason(row: str, reason: str) -> None:
    batch = applied(LAMP + row)
    assert actions(batch) == ["new", "refused"]
    assert [cells[-1] for cells in refused_table(batch).rows] == [reason]


@pytest.mark.same_on_both
def test_statement_that_somebody_added_meanwhile_is_not_added_again() -> None:
    first, second = planned(HALL + LAMP), planned(HALL)
    background.apply_now(batch=first)
    assert actions(background.apply_now(batch=second)) == ["refused"]
    assert Statement.objects.count() == 2


@pytest.mark.same_on_both
def test_undo_takes_back_statements_and_codes() -> None:
    Code.objects.create(name="Ruimte")
    undone(applied(HALL + LAMP))
    assert not Statement.objects.exists()
    assert [str(code) for code in Code.objects.all()] == ["Ruimte"]


def test_undo_of_one_row_leaves_the_others() -> None:
    batch = applied(HALL + LAMP)
    undo_chosen(batch=batch, positions=[1])
    assert [one.external_id for one in Statement.objects.all()] == ["2"]
    assert [str(code) for code in Code.objects.all()] == ["Licht"]


def test_undo_keeps_what_was_changed_since_and_says_why() -> None:
    batch = applied(HALL + LAMP + LAMP.replace("2;Meer", "3;Geen") + LAMP.replace("2;Meer", "4;Betere"))
    by = make_user()
    split_statement(statement=statement("1"), at=7, by=by)
    set_codes(statement=statement("2"), codes=[Code.objects.get(name="ruimte")], by=by)
    statement("3").alike.add(statement("1"))
    Statement.objects.filter(external_id="4").delete()
    assert kept(undone(batch)) == [
        "Kept, because the statement was changed since.",
        "Kept, because it has other codes since.",
        "Kept, because other statements are linked to it since.",
        "The statement is not there any more.",
    ]
    assert Statement.objects.count() == 4
    assert {str(code) for code in Code.objects.all()} == {"ruimte", "Parkeren", "Licht"}


def test_undo_takes_back_what_has_a_code_that_was_merged_since() -> None:
    Code.objects.create(name="Verlichting")
    batch = applied(HALL + LAMP)
    light, lighting = Code.objects.get(name="Licht"), Code.objects.get(name="Verlichting")
    merge_codes(gone=light, kept=lighting, by=make_user())
    assert kept(undone(batch)) == ["", ""]
    assert not Statement.objects.exists()
    assert {str(code) for code in Code.objects.all()} == {"Licht", "Verlichting"}


def test_code_that_was_hung_somewhere_stays() -> None:
    batch = applied(LAMP)
    Code.objects.filter(name="Licht").update(description="Ook van fietsen.")
    undone(batch)
    assert [str(code) for code in Code.objects.all()] == ["Licht"]


def test_statement_that_was_split_off_is_not_of_the_import() -> None:
    batch = applied(HALL)
    second = split_statement(statement=statement("1"), at=7, by=make_user())
    assert (second.import_row, second.external_id) == (None, "")
    undone(batch)
    assert Statement.objects.count() == 2


def test_rows_that_are_forgotten_leave_the_statements() -> None:
    batch = applied(HALL)
    ImportBatch.objects.update(finished_at=timezone.now() - timedelta(days=400))
    background.tidy_up()
    assert not batch.rows.exists()
    assert statement("1").import_row is None


def test_import_without_anybody_who_brings_it_is_refused_row_by_row() -> None:
    batch = planned(HALL)
    ImportBatch.objects.update(created_by=None)
    batch.refresh_from_db()
    row = background.apply_now(batch=batch).rows.get()
    assert (row.action, Statement.objects.count()) == ("refused", 0)


@pytest.mark.same_on_both
def test_slices_of_planning_go_on_behind_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    applied(LAMP)
    monkeypatch.setattr(reading_files, "PIECE", 2)
    monkeypatch.setattr(planning, "PIECE", 2)
    monkeypatch.setattr(jobs, "SLICE", timedelta(0))
    rows = HALL + LAMP + HALL + "3;;;;;;0;0\n" + HALL.replace("ruimte", "hal")
    file = SimpleUploadedFile("uitspraken.csv", (HEADINGS + rows).encode())
    batch = services.upload(file=file, kind="", sector="", by=make_user())
    finished = [background.work() for _slice in range(5)]
    batch.refresh_from_db()
    assert (batch.state, batch.kind) == ("planned", "statements")
    assert actions(batch) == ["new", "same", "repeated", "refused", "repeated"]
    assert sum(finished) == 1
    assert finished[0] == 0
    assert remarks(batch) == ["2 codes are new and will be made: “ruimte”, “Parkeren”."]


def test_of_many_new_codes_the_first_are_named() -> None:
    names = [f"code {number}" for number in range(14)]
    (remark,) = remarks(planned(f"1;Hm.;;;;{'|'.join(names)};0;0\n"))
    assert remark.startswith("14 codes are new and will be made: “code 0”, “code 1”")
    assert remark.endswith("“code 11”, …")


@pytest.fixture
def admin(client: Client) -> User:
    user = make_user(Role.ADMIN)
    client.force_login(user)
    return user


def test_pages_of_the_import_lead_to_the_statements(client: Client, admin: User) -> None:
    batch = planned(HALL + "3;;;;;;0;0\n", by=admin)
    page = client.get(batch.get_absolute_url()).content.decode()
    assert "De hal is te klein." in page
    assert "codes ruimte, Parkeren" in page
    assert "code elsewhere 3" not in page
    assert "There is no text in this row." in page
    client.post(reverse("import_apply", args=[batch.pk]))
    background.work()
    page = client.get(batch.get_absolute_url()).content.decode()
    assert f'href="{statement("1").get_absolute_url()}"' in page


def test_columns_that_are_not_recognised_are_asked_about(client: Client, admin: User) -> None:
    batch = planned(HALL, by=admin)
    page = client.get(reverse("import_columns", args=[batch.pk])).content.decode()
    assert '<option value="code_mark" selected>a mark for a code</option>' in page
    assert '<optgroup label="statements">' in page


def test_reader_does_not_see_whom_a_statement_came_from(client: Client) -> None:
    applied(HALL)
    client.force_login(make_user(Role.READER))
    assert "Ans Bakker" not in client.get(statement("1").get_absolute_url()).content.decode()
    client.force_login(make_user(Role.CORE_TEAM))
    assert "Ans Bakker" in client.get(statement("1").get_absolute_url()).content.decode()
