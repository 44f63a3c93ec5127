"""When what people needed for an event is forgotten."""

from celery import shared_task

from engagement.events import needs


@shared_task(name="tasks.needs.forget")
def forget() -> None:
    """Once an hour; a second run finds it gone."""
    needs.forget_needs()
