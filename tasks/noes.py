"""When a "no" is recorded that came while the database was busy."""

from celery import shared_task

from engagement.public import noes


@shared_task(name="tasks.noes.record")
def record() -> None:
    """A second run finds them recorded."""
    noes.record_kept()
