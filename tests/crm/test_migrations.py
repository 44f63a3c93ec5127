"""Data that older versions left behind, brought to what the code expects now; on both databases."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from importlib import import_module
from io import StringIO
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from django.utils.translation import override

from crm.accounts.models import ApiToken, User
from crm.base.said import told
from crm.duplicates.models import DuplicatePair, Merge
from crm.duplicates.reasons import Reason
from crm.imports.models import ImportBatch
from crm.preferences.models import ConsentRecord
from crm.timeline.models import TimelineEntry
from engagement.events.models import AttendedKind
from tests.factories import make_user

# A transaction around it would keep SQLite from altering tables.
pytestmark = pytest.mark.django_db(transaction=True)
Before = Callable[[str], Any]


@pytest.fixture
def before() -> Iterator[Before]:
    """`before("0016_…")` goes back to that state of crm and gives its models; the end goes forward again."""

    def go_back(name: str) -> Any:
        executor = MigrationExecutor(connection)
        executor.migrate([("crm", name)])
        return executor.loader.project_state([("crm", name)]).apps

    yield go_back
    forward()


def forward() -> None:
    call_command("migrate", stdout=StringIO())


def told_each(kept: list[Any]) -> list[str]:
    return [told([said]) for said in kept]


ADDRESSES = {
    "/organisations/7/": ("organisation", "7"),
    "/import/12/": ("import", "12"),
    "/contacts/bulk/3/": ("bulk", "3"),
    "/merges/4/": ("merge", "4"),
    "/bodies/2/#term-9": ("term", "9"),
    "/events/5/": ("event", "5"),
    "/interviews/6/": ("interview", "6"),
    "/mailings/8/": ("mailing", "8"),
    "/elsewhere/8/": ("", ""),
    "": ("", ""),
}


def test_addresses_of_entries_become_keys_and_kinds_attended_move_along(
    before: Before, capsys: pytest.CaptureFixture[str]
) -> None:
    old = before("0017_answers_of_import_rows")
    person = old.get_model("crm", "Contact").objects.create(family_name="Smit", sort_key="smit")
    old.get_model("crm", "AttendedKind").objects.create(contact=person, kind="workshop")
    entries = old.get_model("crm", "TimelineEntry").objects
    for link in ADDRESSES:
        entries.create(contact=person, kind="timeline.note", at=timezone.now(), link=link)
    forward()
    found = TimelineEntry.objects.order_by("pk").values_list("about_kind", "about_key")
    assert list(found) == list(ADDRESSES.values())
    assert "1 entries of the timeline led to an address that is not known" in capsys.readouterr().out
    assert list(AttendedKind.objects.values_list("contact", "kind")) == [(person.pk, "workshop")]


def test_answers_of_files_get_the_key_of_their_row(before: Before) -> None:
    old = before("0016_one_index_per_contact")
    now = timezone.now()
    person = old.get_model("crm", "Contact").objects.create(family_name="Smit", sort_key="smit")
    batches = [
        old.get_model("crm", "ImportBatch").objects.create(
            file_name="lijst.csv",
            started_at=now + timedelta(hours=hours),
            finished_at=now + timedelta(hours=hours + 1),
            state="applied",
        )
        for hours in (0, 2)
    ]
    rows = [batch.rows.create(position=1, number=2, action="changed", contact=person) for batch in batches]
    told = [
        person.consent_records.create(
            purpose="invitation",
            allowed=bool(hours),
            legal_basis="consent",
            source="import",
            source_detail=detail,
            recorded_at=now + timedelta(hours=hours, minutes=30),
        ).pk
        for hours, detail in [
            (0, "lijst.csv, rij 2"),
            (2, "lijst.csv, row 2"),
            (2, "lijst.csv, row 3"),
            (4, "lijst.csv, row 2"),
        ]
    ]
    forward()
    found = dict(ConsentRecord.objects.values_list("pk", "import_row"))
    assert [found[pk] for pk in told] == [rows[0].pk, rows[1].pk, None, None]


def test_sentences_become_codes_and_joined_texts_lists(before: Before) -> None:
    old = before("0018_timeline_by_keys")
    batch = old.get_model("crm", "ImportBatch").objects.create(
        file_name="lijst.csv", problem="Kapot “é\\n”.", remarks=["Niet gelezen: B.", "Titel."]
    )
    changes = {
        "email": ["", "a@example.org, b@example.org"],
        "mobile": ["+31612345678, +31687654321", "+31611111111"],
        "organisation": ["TNO, Saxion", "Demcon"],
        "job_title": ["", "chef, erg, druk"],
        "tags": [[], ["x"]],
    }
    told = ['Geen "naam".', ""]
    for position, reason in enumerate(told, 1):
        batch.rows.create(
            position=position, number=2, action="changed", reason=reason, changes=changes, kept=""
        )
    batch.rows.filter(position=2).update(kept="Bewaard.", changes={})
    reasons = ["the same e-mail address", "different family names", "an old one"]
    old.get_model("crm", "DuplicatePair").objects.create(noun="contact", a=1, b=2, score=1, reasons=reasons)
    person = old.get_model("crm", "Contact").objects.create(family_name="Smit", sort_key="smit")
    old.get_model("crm", "Merge").objects.create(
        contact=person, into_key=person.pk, gone_key=0, gone_name="Jan", left=["Zo gelaten."]
    )
    forward()
    found = ImportBatch.objects.get()
    assert found.problem == [["text", {"text": "Kapot “é\\n”."}]]
    assert told_each(found.remarks) == ["Niet gelezen: B.", "Titel."]
    one, other = found.rows.order_by("position")
    assert (one.reason, one.kept) == ([["text", {"text": 'Geen "naam".'}]], [])
    assert (other.reason, other.kept, other.changes) == ([], [["text", {"text": "Bewaard."}]], {})
    assert one.changes == {
        "email": [[], ["a@example.org", "b@example.org"]],
        "mobile": [["+31612345678", "+31687654321"], ["+31611111111"]],
        "organisation": [["TNO", "Saxion"], "Demcon"],
        "job_title": ["", "chef, erg, druk"],
        "tags": [[], ["x"]],
    }
    assert DuplicatePair.objects.get().reasons == ["same_email", "different_family", "an old one"]
    assert told_each(Merge.objects.get().left) == ["Zo gelaten."]


def test_addresses_beside_that_of_the_user_are_forgotten(before: Before) -> None:
    before("0021_department_of_affiliations")
    user = make_user()
    EmailAddress.objects.create(user=user, email="before@example.org", verified=True, primary=True)
    forward()
    assert (EmailAddress.objects.count(), User.objects.get()) == (0, user)


def test_reasons_of_the_migration_are_those_of_today() -> None:
    migration = import_module("crm.migrations.0020_said_in_codes")
    with override("en"):
        assert {str(reason.label): reason.value for reason in Reason} == migration._REASONS


def test_rows_that_are_surely_double_are_told_from_those_that_may_be(before: Before) -> None:
    apps = before("0023_forms_taken_once")
    batch = apps.get_model("crm", "ImportBatch").objects.create(file_name="lijst.csv")
    rows = apps.get_model("crm", "ImportRow").objects
    for position, candidates in enumerate([[], [7]], 1):
        rows.create(
            batch=batch, position=position, number=position, action="duplicate", candidates=candidates
        )
    forward()
    kept = ImportBatch.objects.get().rows.order_by("position")
    assert [row.action for row in kept] == ["repeated", "duplicate"]


def test_tokens_get_an_end_and_sessions_begin_anew(before: Before) -> None:
    apps = before("0024_rows_decided_by_whom")
    user = make_user()
    apps.get_model("crm", "ApiToken").objects.create(user_id=user.pk, digest="x")
    soon = timezone.now() + timedelta(days=1)
    Session.objects.create(session_key="old", session_data="", expire_date=soon)
    forward()
    left = ApiToken.objects.get().expires_at - timezone.now()
    assert timedelta(days=89) < left < timedelta(days=90)
    assert not Session.objects.exists()
