"""The worker's sign of life: when a worker last carried out a task that beat had sent through the broker."""

import time

from django.core.cache import cache

KEY = "worker-heartbeat"
FRESH = 60  # seconds; beat asks for a sign every ten


def record() -> None:
    cache.set(KEY, time.time(), timeout=24 * 3600)


def is_fresh() -> bool:
    last = cache.get(KEY)
    return last is not None and abs(time.time() - last) < FRESH
