"""A worker dies by SIGKILL while it plans, and again while it applies: no row is missed or done twice."""

from typing import Any

import pytest

from tests.harness.stack import KINDS, Stack, open_stack
from tests.harness.waiting import PATIENCE, wait_until

pytestmark = [pytest.mark.processes, pytest.mark.kill]

ROWS = 10_000  # two pieces of applying, seven of planning
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
# Killed from here, for the worker goes on while this process ends and another one begins.
KILLED_AT = """
import os, signal, time
from crm.imports.models import ImportBatch
until = time.monotonic() + {patience}
while not ImportBatch.objects.filter({mark}__gt=0).exists() and time.monotonic() < until:
    time.sleep(0.02)
os.killpg({worker}, signal.SIGKILL)
result = ImportBatch.objects.get().{mark}
"""
APPLY = """
from crm.imports import services
from crm.imports.models import ImportBatch
services.queue(batch=ImportBatch.objects.get())
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
    assert _killed_at(stack, UPLOAD, "planned_to") > 0
    wait_until(lambda: stack.shell(BATCH)[0] == "planned", every=1, what="the whole plan")
    assert _killed_at(stack, APPLY, "applied_to") > 0
    assert stack.shell(BATCH)[2] < ROWS
    wait_until(lambda: stack.shell(BATCH)[0] == "applied", every=1, what="a finished import")
    assert stack.shell(FOUND) == [[ROWS] * 7, ROWS, 50]


def _killed_at(stack: Stack, begin: str, mark: str) -> int:
    """Begin something, kill the worker once it came somewhere, start another; how far it was."""
    worker = stack.workers[0]
    code = KILLED_AT.format(mark=mark, worker=worker.pid, patience=PATIENCE)
    reached = stack.shell(begin + code)
    stack.kill_worker(worker)
    stack.start_worker()
    return int(reached)
