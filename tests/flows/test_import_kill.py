"""A worker dies by SIGKILL while it plans, and again while it applies: no row is missed or done twice."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.harness.stack import KINDS, Stack, open_stack
from tests.harness.waiting import wait_until

pytestmark = [pytest.mark.processes, pytest.mark.kill]

ROWS = 30_000
UPLOAD = f"""
from django.core.files.base import ContentFile
from crm.imports import services
rows = [f"Jan;Bos{{n}};Saxion {{n % 50}};docent;jan{{n}}@example.org;ja" for n in range({ROWS})]
text = "Voornaam;Achternaam;Organisatie;Functie;E-mail;Uitnodigen\\n" + "\\n".join(rows)
batch = services.upload(file=ContentFile(text.encode(), name="lijst.csv"), kind="", sector="", by=None)
result = batch.pk
"""
BATCH = """
from crm.imports.models import ImportBatch
batch = ImportBatch.objects.get()
result = [batch.state, batch.planned_to, batch.applied_to]
"""
APPLY = """
from crm.imports import services
from crm.imports.models import ImportBatch
result = services.queue(batch=ImportBatch.objects.get()).state
"""
FOUND = """
from crm.contacts.models import Affiliation, Contact, ContactPoint
from crm.contacts.search_documents import SearchDocument
from crm.imports.models import ImportRow
from crm.organisations.models import Organisation
from crm.preferences.models import ConsentRecord
from crm.timeline.models import TimelineEntry
models = [Contact, ContactPoint, Affiliation, SearchDocument, ConsentRecord, TimelineEntry, ImportRow]
result = [[model.objects.count() for model in models], Contact.history.count(), Organisation.objects.count()]
"""


@pytest.fixture(params=KINDS)
def stack(request: pytest.FixtureRequest) -> Any:
    with open_stack(request.param, workers=1, beats=1) as running:
        yield running


def test_killed_worker_loses_and_repeats_no_row(stack: Stack) -> None:
    stack.shell(UPLOAD)
    wait_until(_reached(stack, 1), timeout=90, every=0.2, what="a plan that has begun")
    _kill(stack)
    wait_until(lambda: stack.shell(BATCH)[0] == "planned", timeout=150, every=1, what="the whole plan")
    assert stack.shell(APPLY) == "queued"
    wait_until(_reached(stack, 2), timeout=90, every=0.2, what="rows that are applied")
    _kill(stack)
    assert 0 < stack.shell(BATCH)[2] < ROWS
    wait_until(lambda: stack.shell(BATCH)[0] == "applied", timeout=150, every=1, what="a finished import")
    assert stack.shell(FOUND) == [[ROWS] * 7, ROWS, 50]


def _reached(stack: Stack, mark: int) -> Callable[[], bool]:
    return lambda: stack.shell(BATCH)[mark] > 0


def _kill(stack: Stack) -> None:
    stack.kill_worker()
    stack.start_worker()
