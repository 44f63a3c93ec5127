import os
from typing import Any

from django.core.wsgi import get_wsgi_application
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.dispatch import receiver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.settings")
application = get_wsgi_application()


@receiver(connection_created)
def wait_shortly(connection: BaseDatabaseWrapper, **_kwargs: Any) -> None:
    """A person waits for a page; a worker has the 20 seconds of backend/environment.py for SQLite's lock."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout = 5000")
