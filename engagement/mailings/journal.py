"""How far a worker came with the messages that it was handing over, for the sweep that finds it killed.

The database knows which few messages a worker is handing over, this file which of them got their final dot.
What is written before a dot survives the process, though not the machine: a journal of another boot, or of
another machine, says nothing, and a person decides about all of those messages.
"""

import os
import struct
import time
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from django.conf import settings

_LINE = struct.Struct("!16sd")
_BOOT = Path("/proc/sys/kernel/random/boot_id")


class Journal:
    """The final dots of one claim."""

    def __init__(self, claim: UUID) -> None:
        self._claim = claim
        self._file: int | None = None

    def open(self) -> None:
        """Before the first message is marked: a journal without lines says that no dot went out."""
        if self._file is None:
            path = _path(self._claim)
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            os.write(self._file, boot().encode())

    def note(self, key: UUID) -> None:
        """The dot of this message goes out now."""
        assert self._file is not None  # noqa: S101  # open() comes first
        os.write(self._file, _LINE.pack(key.bytes, time.time()))

    def close(self) -> None:
        """The database knows everything."""
        if self._file is not None:
            os.close(self._file)
            self._file = None
            forget(self._claim)


def dots(claim: UUID) -> list[tuple[UUID, float]] | None:
    """(message, seconds since 1970) in the order in which they went out; None when nothing is known."""
    try:
        raw = _path(claim).read_bytes()
    except OSError:
        return None
    if not boot() or not raw.startswith(boot().encode()):
        return None
    lines = raw[len(boot()) :]
    whole = len(lines) - len(lines) % _LINE.size
    return [(UUID(bytes=key), moment) for key, moment in _LINE.iter_unpack(lines[:whole])]


def forget(claim: UUID) -> None:
    _path(claim).unlink(missing_ok=True)


@lru_cache(maxsize=1)
def boot() -> str:
    """What this machine calls the time since it was started; "" where it does not say."""
    try:
        return _BOOT.read_text().strip()
    except OSError:
        return ""


def _path(claim: UUID) -> Path:
    return Path(settings.VAR_DIR) / "outbox" / str(claim)
