"""The parts of a zipped document, their bytes counted while they unpack: its directory can lie."""

import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from crm.imports.reading.formats.limits import Refused

_BLOCK = 1 << 16
_MOST_PARTS = 2000


class Archive:
    """A zip file whose parts together unpack to at most `most` bytes, however often they are read."""

    def __init__(self, path: Path, most: int) -> None:
        self._most = most
        self._sizes: dict[str, int] = {}
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, UnicodeDecodeError):
            raise Refused("damaged") from None
        if len(self._zip.namelist()) > _MOST_PARTS:
            raise Refused("unpacked")
        # Excel compares the names of parts without regard to case.
        self._names = {name.lower().lstrip("/"): name for name in self._zip.namelist()}

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._names

    def read(self, name: str) -> bytes:
        return b"".join(self.blocks(name))

    def blocks(self, name: str) -> Iterator[bytes]:
        """The content of a part, block by block."""
        entry = self._names.get(name.lower())
        if entry is None:
            raise Refused("damaged")
        size = 0
        try:
            with self._zip.open(entry) as stream:
                while block := stream.read(_BLOCK):
                    size += len(block)
                    self._count(name, size)
                    yield block
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError):
            raise Refused("damaged") from None

    def _count(self, name: str, size: int) -> None:
        self._sizes[name] = max(size, self._sizes.get(name, 0))
        if sum(self._sizes.values()) > self._most:
            raise Refused("unpacked")
