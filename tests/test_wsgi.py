"""What a web process does differently from a worker."""

import pytest
from django.db import connection


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite locks the whole database")
def test_page_waits_five_seconds_for_the_lock_of_sqlite():
    # It makes the application, which keeps the static files that it finds: those of the tests by now.
    from backend.wsgi import wait_shortly  # noqa: PLC0415

    wait_shortly(connection)
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA busy_timeout").fetchone() == (5000,)
