"""Shows `/healthz` that beat, broker and worker together get work done."""

from typing import Any

from celery import shared_task
from celery.signals import worker_ready

from crm.base import heartbeat


@shared_task
def beat() -> None:
    heartbeat.record()


@worker_ready.connect
def first_beat(**kwargs: Any) -> None:
    """A worker that just started need not wait for beat's first round."""
    beat.apply_async(expires=30)
