"""When members of the team are reminded of their follow-ups."""

from celery import shared_task

from engagement.followups import digests


@shared_task(name="tasks.followups.send_digests")
def send_digests() -> None:
    """Once an hour; a second run finds the day taken."""
    digests.send_digests()
