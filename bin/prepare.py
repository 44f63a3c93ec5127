"""Brings database and static files up to date; a database without users also gets the demo."""

import hashlib
import time
from pathlib import Path

import django
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command


def main() -> None:
    django.setup()
    _step("database", "migrate", interactive=False, verbosity=0)
    _step("cache table", "createcachetable", verbosity=0)
    collect_static_files()
    _step("reference data", "load_reference", verbosity=0)
    _step("texts", "rebuild_texts", verbosity=0)
    if settings.ENVIRONMENT.local and not get_user_model().objects.exists():
        _step("demo", "load_demo", verbosity=0)


def collect_static_files() -> None:
    """Only when a file changed: compressing all of them takes longer than the rest of a second start."""
    found = [Path(store.path(name)) for finder in get_finders() for name, store in finder.list([])]
    signs = sorted((str(path), path.stat().st_size, path.stat().st_mtime_ns) for path in found)
    sign = hashlib.sha256(repr(signs).encode()).hexdigest()
    kept = settings.STATIC_ROOT / ".collected"
    if not kept.exists() or kept.read_text() != sign:
        _step("static files", "collectstatic", interactive=False, verbosity=0)
        kept.write_text(sign)


def _step(what: str, command: str, **options: object) -> None:
    start = time.monotonic()
    call_command(command, **options)
    print(f"{what}: {time.monotonic() - start:.1f} s", flush=True)


if __name__ == "__main__":
    main()
