"""When speakers are reminded of what they were asked to approve."""

from celery import shared_task

from engagement.approvals import services


@shared_task(name="tasks.approvals.remind")
def remind() -> None:
    """Once an hour; a second run finds them reminded."""
    services.remind_due()
