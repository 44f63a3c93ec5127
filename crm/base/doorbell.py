"""The only contact of services with the broker: a ring, after the commit, that may get lost."""

import logging
from functools import partial

from celery import current_app
from django.db import transaction

logger = logging.getLogger(__name__)


def ring(task: str, *, seconds: int = 0) -> None:
    """Ask a worker to look at the database now, or in so many seconds: send `task` by name once the
    transaction commits.

    A lost ring costs at most one beat interval, so a dead broker is logged and nothing more.
    """
    transaction.on_commit(partial(_send, task, seconds), robust=True)


def _send(task: str, seconds: int) -> None:
    try:
        current_app.send_task(task, retry=False, countdown=seconds, expires=seconds + 300)
    except Exception as error:
        logger.warning("The broker did not take %s (%s); beat will sweep.", task, type(error).__name__)
