"""When sessions that ended, and forms that were sent, are forgotten."""

from importlib import import_module

from celery import shared_task
from django.conf import settings

from crm.accounts.sessions import forget_ended
from crm.base.once import forget_taken


@shared_task(name="tasks.sessions.clear_expired")
def clear_expired() -> None:
    """Forget whose session has ended, and which forms were sent; a second run finds none."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    forget_ended()
    forget_taken()
