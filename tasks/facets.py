"""When planned interviews begin to count."""

from celery import shared_task

from engagement.interviews import services


@shared_task(name="tasks.facets.count_held")
def count_held() -> None:
    """Count as heard whom an interview heard since it was planned; a second run finds it done."""
    services.count_held()
