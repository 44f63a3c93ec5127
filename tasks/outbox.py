"""When the outbox is emptied."""

from celery import shared_task

from crm.base.doorbell import ring
from engagement.mailings import delivery, scheduling


@shared_task(name="tasks.outbox.deliver")
def deliver() -> None:
    """Send what is due; safe to run any number of times at once."""
    delivery.deliver()


@shared_task(name="tasks.outbox.sweep")
def sweep() -> None:
    """Give back what dead workers held and ring when something is due: this makes a lost ring harmless."""
    if delivery.recover():
        ring("tasks.outbox.deliver")


@shared_task(name="tasks.outbox.start_scheduled")
def start_scheduled() -> None:
    """Start the mailings whose moment has come; a second run finds them started."""
    scheduling.start_due()
