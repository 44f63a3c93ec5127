"""Changing many contacts in the background."""

from celery import shared_task

from crm.directory.bulk import services


@shared_task(name=services.TASK)
def work_off() -> None:
    services.work_off()
