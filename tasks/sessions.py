"""When sessions that ended are forgotten."""

from importlib import import_module

from celery import shared_task
from django.conf import settings


@shared_task(name="tasks.sessions.clear_expired")
def clear_expired() -> None:
    """Forget whose session has ended; a second run finds none."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
