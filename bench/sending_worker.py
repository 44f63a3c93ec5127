"""The workers of bench/sending.py: Kwartet's own task, and those of its peers."""

import os

from celery import shared_task
from celery.signals import worker_process_init

from backend.celery import app

__all__ = ["app"]


@worker_process_init.connect
def _without_marks(**_kwargs: object) -> None:
    if os.environ.get("BENCH_WITHOUT_MARKS"):
        from bench.sending_measuring import send_without_marks  # noqa: PLC0415  # needs the models

        send_without_marks()


@shared_task(name="bench.naive")
def naive(key: str) -> None:
    """One message, rendered and sent by Django on a connection of its own, as most projects do it."""
    from bench.sending_measuring import send_by_django  # noqa: PLC0415  # needs the models

    send_by_django([key], together=False)


@shared_task(name="bench.chunked")
def chunked(keys: list[str]) -> None:
    """A hundred messages, rendered by Django, on one connection."""
    from bench.sending_measuring import send_by_django  # noqa: PLC0415  # needs the models

    send_by_django(keys, together=True)
