"""When the links in mailings are followed."""

from celery import shared_task

from engagement.compositions import links, services


@shared_task(name=links.TASK)
def check() -> None:
    """Those in what was written since; a second run finds them checked."""
    services.check_links()
