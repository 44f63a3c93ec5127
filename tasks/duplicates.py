"""When duplicates are looked for."""

from celery import shared_task

from crm.duplicates import proposals


@shared_task(name=proposals.TASK)
def look() -> None:
    """Look again if anything changed; harmless when run twice."""
    proposals.look_if_changed()
