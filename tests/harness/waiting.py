"""Waiting for another process: ask again until the answer is yes."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
# Seconds until a test gives up: only what never comes takes that long, however slow the machine.
PATIENCE = 120


def wait_until(ask: Callable[[], T], *, timeout: float = PATIENCE, every: float = 0.1, what: str = "") -> T:
    """Return the first true answer of `ask`; after `timeout` seconds raise TimeoutError with the last one."""
    deadline = time.monotonic() + timeout
    while not (answer := ask()):
        if time.monotonic() > deadline:
            raise TimeoutError(
                f"{what or ask} did not happen within {timeout} s; the last answer was {answer!r}"
            )
        time.sleep(every)
    return answer
