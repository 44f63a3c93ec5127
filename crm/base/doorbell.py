"""The only contact of services with the broker: a ring, after the commit, that may get lost."""

import logging
from functools import partial

import redis
from celery import current_app
from django.conf import settings
from django.db import transaction
from redis.backoff import NoBackoff
from redis.retry import Retry

# A broker that is there answers in a millisecond; a page does not wait longer for one that is not.
TIMEOUT = 0.3  # seconds
logger = logging.getLogger(__name__)


def ring(task: str, *, seconds: int = 0) -> None:
    """Ask a worker to look at the database now, or in so many seconds: send `task` by name once the
    transaction commits.

    A lost ring costs at most one beat interval, so a dead broker is logged and nothing more.
    """
    transaction.on_commit(partial(_send, task, seconds), robust=True)


def broker_answers(*, timeout: float) -> bool:
    """True, or whatever the client raises after at most two times `timeout` seconds and no second try."""
    patience = {"socket_timeout": timeout, "socket_connect_timeout": timeout}
    with redis.from_url(settings.REDIS_URL, **patience, retry=Retry(NoBackoff(), 0)) as client:
        return bool(client.ping())


def _send(task: str, seconds: int) -> None:
    try:
        # Asked first, since Celery tries again for many seconds, in which a thread serves nobody.
        broker_answers(timeout=TIMEOUT)
        current_app.send_task(task, retry=False, countdown=seconds, expires=seconds + 300)
    except Exception as error:
        logger.warning("The broker did not take %s (%s); beat will sweep.", task, type(error).__name__)
