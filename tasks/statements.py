"""When earlier versions of notes are forgotten."""

from celery import shared_task

from engagement.statements import services


@shared_task(name="tasks.statements.forget_versions")
def forget_versions() -> None:
    """Once a day; a second run finds them gone."""
    services.forget_versions()
