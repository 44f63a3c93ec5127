"""`/healthz` says whether the database, the broker and a worker do their work, for monitoring."""

import logging
from collections.abc import Callable

from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from crm.base import heartbeat
from crm.base.doorbell import broker_answers

BROKER_TIMEOUT = 2  # seconds
logger = logging.getLogger(__name__)


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 when all three are "ok", 503 with the same body when one is "down"."""
    parts = {
        "database": _state("database", _database_answers),
        "broker": _state("broker", _broker_answers),
        "worker": _state("worker", heartbeat.is_fresh),
    }
    healthy = set(parts.values()) == {"ok"}
    return JsonResponse({"status": "ok" if healthy else "down", **parts}, status=200 if healthy else 503)


def _state(part: str, works: Callable[[], bool]) -> str:
    try:
        return "ok" if works() else "down"
    except Exception as error:
        # Drivers raise what they like; the answer is the same, and the address in their words stays out.
        logger.warning("The %s is down: %s", part, type(error).__name__)
        return "down"


def _database_answers() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone() == (1,))


def _broker_answers() -> bool:
    return broker_answers(timeout=BROKER_TIMEOUT)
