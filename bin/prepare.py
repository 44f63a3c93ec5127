"""Brings database and static files up to date; a database without users also gets the demo."""

import time

import django
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command


def main() -> None:
    django.setup()
    _step("database", "migrate", interactive=False, verbosity=0)
    _step("cache table", "createcachetable", verbosity=0)
    _step("static files", "collectstatic", interactive=False, verbosity=0)
    _step("reference data", "load_reference", verbosity=0)
    if settings.ENVIRONMENT.local and not get_user_model().objects.exists():
        _step("demo", "load_demo", verbosity=0)


def _step(what: str, command: str, **options: object) -> None:
    start = time.monotonic()
    call_command(command, **options)
    print(f"{what}: {time.monotonic() - start:.1f} s", flush=True)


if __name__ == "__main__":
    main()
