"""Reading, planning, applying and undoing spreadsheets in the background."""

from celery import shared_task

from crm.imports import background, services


@shared_task(name=services.TASK)
def work() -> None:
    background.work()


@shared_task(name="tasks.imports.tidy_up")
def tidy_up() -> None:
    """Once an hour: files and rows that are kept no longer."""
    background.tidy_up()
