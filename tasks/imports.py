"""Applying spreadsheets in the background."""

from celery import shared_task

from crm.imports import services


@shared_task(name=services.TASK)
def apply_queued() -> None:
    services.apply_queued()
