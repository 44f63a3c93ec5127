"""When the mailbox for bounces is read."""

from celery import shared_task

from engagement.inbox import mailboxes


@shared_task(name="tasks.inbox.read")
def read() -> None:
    """Deal with what is new; a mailbox that cannot be reached is asked again by the next beat."""
    mailboxes.read_inbox()
