"""`manage.py import_spreadsheet`, as it is called by hand."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from crm.contacts.models import Contact
from crm.imports.models import ImportBatch
from crm.organisations.models import Organisation
from tests.factories import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("themes")]
ACTIONS = ("new", "changed", "same", "repeated", "duplicate", "refused")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "relaties.csv"
    path.write_text(
        "Naam;Organisatie;E-mail\nJan Bos;Saxion;jan@example.org\n"
        "Bos, Jan;Saxion;jan@example.org\n;Saxion;info@example.org\n"
    )
    return path


def run(*arguments: Any) -> str:
    out = StringIO()
    call_command("import_spreadsheet", *arguments, stdout=out)
    return out.getvalue()


def run_json(*arguments: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run(*arguments, "--json"))
    return found


@pytest.mark.parametrize("options", [[], ["--plan"]])
def test_plan_writes_nothing_and_counts_add_up(file: Path, options: list[str]) -> None:
    found = run_json(file, *options)
    assert [found[action] for action in ACTIONS] == [1, 0, 0, 1, 0, 1]
    assert found["read"] == sum(found[action] for action in ACTIONS) == len(found["rows"])
    assert [(row["row"], row["action"]) for row in found["rows"]] == [
        (2, "new"),
        (3, "repeated"),
        (4, "refused"),
    ]
    assert found["rows"][1]["values"]["family_name"] == "Bos"
    assert all(row["reason"] for row in found["rows"][1:])
    assert (Contact.objects.count(), Organisation.objects.count(), ImportBatch.objects.count()) == (0, 0, 0)


@pytest.mark.same_on_both
def test_apply_writes_and_a_second_time_changes_nothing(file: Path) -> None:
    assert run_json(file, "--apply")["new"] == 1
    assert Contact.objects.count() == 1
    again = run_json(file, "--apply")
    assert [again[action] for action in ACTIONS] == [0, 0, 2, 0, 0, 1]
    assert Contact.objects.count() == 1


def test_keys_of_json_stay_for_the_programs_that_read_them(tmp_path: Path) -> None:
    people, places = tmp_path / "mensen.csv", tmp_path / "organisaties.csv"
    people.write_text("Naam;E-mail\nJan Bos;jan@example.org\n")
    places.write_text("Code GM;Naam organisatie\nGM9901;Proefstad\n")
    found = run_json(people)
    assert set(found) == {"kind", "read", *ACTIONS, "remarks", "rows"}
    (row,) = found["rows"]
    assert set(row) == {"row", "action", "reason", "said", "values"}
    assert set(row["values"]) == {
        *("given_name", "initials", "infix", "family_name", "form_of_address", "titles_before"),
        *("titles_after", "organisation", "job_title", "department", "sector", "external_id", "email"),
        *("mobile", "phone", "themes", "tags", "may_invite", "newsletter", "last_spoken"),
    }
    (row,) = run_json(places, "--kind", "organisations", "--sector", "government")["rows"]
    assert set(row["values"]) == {"name", "external_id", "aliases", "sector", "city", "tags"}


def test_without_json_it_reads_as_sentences(file: Path) -> None:
    text = run(file)
    assert "relaties.csv" in text
    assert len(text.splitlines()) == 1 + len(ACTIONS) + 2


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0"])
def test_unreadable_file_is_one_line(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "foto.csv"
    path.write_bytes(content)
    with pytest.raises(CommandError) as error:
        run(path)
    assert error.value.returncode == 1
    assert len(str(error.value).splitlines()) == 1


def test_table_is_printed_as_csv(file: Path) -> None:
    out = StringIO(newline="")
    call_command("read_spreadsheet", file, stdout=out)
    assert out.getvalue().splitlines()[:2] == ["Naam,Organisatie,E-mail", "Jan Bos,Saxion,jan@example.org"]


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0"])
def test_table_that_cannot_be_read_is_one_line(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "foto.csv"
    path.write_bytes(content)
    for unreadable in (path, tmp_path / "nergens.csv"):
        with pytest.raises(CommandError) as error:
            call_command("read_spreadsheet", unreadable)
        assert len(str(error.value).splitlines()) == 1


def test_absent_file_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(CommandError):
        run(tmp_path / "nergens.csv")


def test_by_says_who_brings_a_file_in(file: Path) -> None:
    user = make_user()
    run(file, "--apply", "--by", user.email.upper())
    assert ImportBatch.objects.get().created_by == user
    with pytest.raises(CommandError, match="nobody logs in"):
        run(file, "--apply", "--by", "niemand@example.org")
    assert ImportBatch.objects.count() == 1
