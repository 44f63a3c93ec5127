"""When attachments go."""

from celery import shared_task

from engagement.attachments import services


@shared_task(name="tasks.attachments.remove_ended")
def remove_ended() -> None:
    """Once a day; a second run finds them gone."""
    services.remove_ended()
