"""Data that older versions left behind, brought to what the code expects now; on both databases."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from crm.preferences.models import ConsentRecord

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
