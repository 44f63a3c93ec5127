"""When reminders are looked for."""

from celery import shared_task

from engagement.events import services


@shared_task(name="tasks.reminders.queue_due")
def queue_due() -> None:
    """Queue the reminders whose window is open; a second run finds them queued."""
    services.queue_due_reminders()
