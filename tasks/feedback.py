"""When those who follow a sentence hear what changed."""

from celery import shared_task

from engagement.feedback import services


@shared_task(name="tasks.feedback.make_digests")
def make_digests() -> None:
    """Once a day; a second run finds the digests made."""
    services.make_digests()
