"""Applying spreadsheets in the background."""

from celery import shared_task

from crm.imports import background, services


@shared_task(name=services.TASK)
def work() -> None:
    background.work()
