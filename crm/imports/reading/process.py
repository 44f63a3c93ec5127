"""The child process that reads a file, seen from the side of the web process."""

import contextlib
import json
import os
import select
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

from django.conf import settings

from crm.imports.reading.formats.limits import Row
from crm.imports.reading.said import refusal

_CHILD = Path(__file__).with_name("child.py")
_BLOCK = 1 << 16


class ReadingProcess:
    """Reads one file; a context manager, since a process must not outlive its reader.

    `heads` are the first rows of every visible sheet by name, "" for a text file. `hidden` rows and cells
    with an `unsolved` formula are known by their places once all rows are read.
    """

    def __init__(self, path: Path, kind: str) -> None:
        command = [sys.executable, "-I", str(_CHILD), str(path), kind, json.dumps(_limits())]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self._messages = self._received()
        self.heads: dict[str, list[Row]] = {}
        self.hidden: list[str] = []
        self.unsolved: list[str] = []
        try:
            self._read_heads()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> "ReadingProcess":
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the child, whatever it was doing."""
        self._process.kill()
        for stream in (self._process.stdin, self._process.stdout):
            if stream:
                with contextlib.suppress(OSError):
                    stream.close()
        self._process.wait()

    def rows(self, sheets: list[str]) -> Iterator[tuple[str, Row]]:
        """(sheet, row) of all rows of these sheets, once; ReadingError when it turns out to be unreadable."""
        self._ask(sheets)
        sheet = ""
        for what, *about in self._messages:
            if what == "end":
                self.hidden, self.unsolved = about
                return
            if what == "sheet":
                sheet = about[0]
                continue
            for number, cells in about[0]:
                yield sheet, (number, cells)

    def _ask(self, sheets: list[str]) -> None:
        """Say which sheets are wanted; a child that has died says so where its answer is read."""
        if self._process.stdin:
            with contextlib.suppress(BrokenPipeError):
                self._process.stdin.write(json.dumps(sheets).encode() + b"\n")
                self._process.stdin.flush()

    def _read_heads(self) -> None:
        sheet = ""
        for what, *about in self._messages:
            if what == "ready":
                return
            if what == "sheet":
                sheet = about[0]
                self.heads[sheet] = []
            else:
                self.heads[sheet] += [(number, cells) for number, cells in about[0]]

    def _received(self) -> Iterator[list[Any]]:
        """The child's messages; a refusal and a sudden end are raised."""
        for line in self._lines():
            message = json.loads(line)
            if message[0] == "refused":
                raise refusal(message[1], message[2])
            yield message
        raise refusal("unpacked")  # killed for its memory or its time

    def _lines(self) -> Iterator[bytes]:
        stream = self._process.stdout.fileno() if self._process.stdout else -1
        parts: list[bytes] = []
        while select.select([stream], [], [], settings.IMPORT_STALL_SECONDS)[0]:
            block = os.read(stream, _BLOCK)
            if not block:
                return
            *complete, rest = block.split(b"\n")
            for line in complete:
                yield b"".join([*parts, line])
                parts = []
            parts.append(rest)


def _limits() -> dict[str, int]:
    return {
        "rows": settings.IMPORT_ROWS,
        "cells": settings.IMPORT_CELLS,
        "columns": settings.IMPORT_COLUMNS,
        "cell_characters": settings.IMPORT_CELL_CHARACTERS,
        "record_characters": settings.IMPORT_RECORD_CHARACTERS,
        "unpacked_bytes": settings.IMPORT_UNPACKED_MEGABYTES << 20,
        "megabytes": settings.IMPORT_CHILD_MEGABYTES,
        "seconds": settings.IMPORT_CHILD_SECONDS,
    }
