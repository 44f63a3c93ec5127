"""One import as a worker does it, for bench/importing.py; nothing is loaded that a worker does not load."""

import logging
from pathlib import Path

from celery import current_app
from django.core.files import File

from crm.contacts.models import Contact
from crm.imports import background, services
from crm.imports.models import ImportBatch


def once(path: str) -> None:
    """For its memory; the database is migrated and without people."""
    quiet()
    imported(Path(path))


def quiet() -> None:
    logging.disable(logging.WARNING)
    current_app.conf.update(broker_url="memory://")  # ringing for a worker costs no waiting for a broker


def imported(path: Path) -> None:
    """Upload, read, plan and apply, as a worker does it."""
    batch = planned(path)
    background.apply_now(batch=batch)
    batch.refresh_from_db()
    check(batch.state == ImportBatch.State.APPLIED)
    check(Contact.objects.count() >= batch.planned_to * 0.98)


def planned(path: Path) -> ImportBatch:
    with path.open("rb") as stream:
        file = File(stream, name=path.name)
        batch = services.upload(file=file, kind="", sector="", by=None)
    background.work_through(batch)
    check(batch.state == ImportBatch.State.PLANNED)
    return batch


def check(fine: bool) -> None:
    if not fine:
        raise SystemExit("the import did not do what it should")
