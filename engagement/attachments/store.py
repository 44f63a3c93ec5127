"""Files at rest: each encrypted with a key of its own, which is wrapped with the key of the installation.

A file is cut into chunks of 64 KiB, each sealed by AES-256-GCM (NIST SP 800-38D). The nonce is the number of
the chunk, used once since the key is the file's own; sealed along are the uuid of the file and whether the
chunk is the last one. So a chunk that was changed, swapped, cut off or taken from another file does not open.
"""

import os
import struct
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

CHUNK = 64 * 1024
_TAG = 16  # bytes that sealing adds to a chunk


class Damaged(Exception):
    """A file is not there, or is not what was stored."""


def path_of(uuid: UUID) -> Path:
    return Path(settings.ATTACHMENTS_DIR) / uuid.hex


def _wrapping() -> MultiFernet:
    """The first key wraps; the others still unwrap what was wrapped with them."""
    return MultiFernet([Fernet(key) for key in settings.ATTACHMENT_KEYS])


def put(uuid: UUID, content: Iterable[bytes]) -> str:
    """Store the file; return its wrapped key. Only when all of it is on the disk it has its name."""
    key = AESGCM.generate_key(bit_length=256)
    path = path_of(uuid)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part")
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        for sealed in _sealed(AESGCM(key), uuid, _chunked(content)):
            file.write(sealed)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
    return _wrapping().encrypt(key).decode()


def get(uuid: UUID, wrapped: str) -> Iterator[bytes]:
    """The content of the file, chunk by chunk; Damaged as soon as one does not open."""
    try:
        sealing = AESGCM(_wrapping().decrypt(wrapped.encode()))
        with path_of(uuid).open("rb") as file:
            sealed, number = file.read(CHUNK + _TAG), 0
            while True:
                following = file.read(CHUNK + _TAG)
                yield sealing.decrypt(_nonce(number), sealed, _bound(uuid, last=not following))
                if not following:
                    return
                sealed, number = following, number + 1
    except (InvalidTag, InvalidToken, OSError) as problem:
        raise Damaged(uuid.hex) from problem


def remove(uuid: UUID) -> None:
    path_of(uuid).unlink(missing_ok=True)


def remove_strangers(known: Collection[str], before: float) -> None:
    """Remove files whose name is not `known` and that were changed `before` (seconds since 1970)."""
    folder = Path(settings.ATTACHMENTS_DIR)
    for path in list(folder.iterdir()) if folder.is_dir() else ():
        if path.name not in known and path.stat().st_mtime < before:
            path.unlink(missing_ok=True)


def _sealed(sealing: AESGCM, uuid: UUID, chunks: Iterator[bytes]) -> Iterator[bytes]:
    chunk, number = next(chunks, b""), 0
    for following in chunks:
        yield sealing.encrypt(_nonce(number), chunk, _bound(uuid, last=False))
        chunk, number = following, number + 1
    yield sealing.encrypt(_nonce(number), chunk, _bound(uuid, last=True))


def _nonce(number: int) -> bytes:
    return struct.pack(">4xQ", number)


def _bound(uuid: UUID, *, last: bool) -> bytes:
    return uuid.bytes + (b"\x01" if last else b"\x00")


def _chunked(content: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in pieces of CHUNK, the last one shorter."""
    waiting = bytearray()
    for piece in content:
        waiting += piece
        while len(waiting) >= CHUNK:
            yield bytes(waiting[:CHUNK])
            del waiting[:CHUNK]
    if waiting:
        yield bytes(waiting)
