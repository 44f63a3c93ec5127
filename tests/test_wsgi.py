"""What a web process does differently from a worker."""

import pytest
from django.db import connection

from backend.wsgi import wait_shortly


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite locks the whole database")
def test_page_waits_five_seconds_for_the_lock_of_sqlite():
    wait_shortly(connection)
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA busy_timeout").fetchone() == (5000,)
