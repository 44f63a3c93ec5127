"""XML as a stream of events, with bounded memory and without entities."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any
from xml.parsers import expat

from crm.imports.reading.formats.limits import Refused

# One tag with its attributes; expat keeps all of it until its end.
_LONGEST_TAG = 1 << 20


def local(name: str) -> str:
    """The name of an element without its prefix."""
    return name.rpartition(":")[2]


def new_parser() -> Any:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.buffer_size = 1 << 15
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    return parser


def _refuse(*_declaration: object) -> None:
    """A document type can declare entities that unfold to gigabytes or read files; no spreadsheet has one."""
    raise Refused("entities")


def feed(parser: Any, blocks: Iterable[bytes], taken: Callable[[], list[Any]]) -> Iterator[Any]:
    """Give the blocks to the parser and hand on, after each, what its handlers have collected."""
    fed = 0
    try:
        for block in blocks:
            parser.Parse(block, False)
            fed += len(block)
            if fed - parser.CurrentByteIndex > _LONGEST_TAG:
                raise Refused("cell")
            yield from taken()
        parser.Parse(b"", True)
    except expat.ExpatError:
        raise Refused("damaged") from None
    yield from taken()


def parse(blocks: Iterable[bytes], start: Callable[[str, dict[str, str]], None]) -> None:
    """Call `start` for each element with its local name and attributes without prefix."""

    def handle(name: str, attributes: dict[str, str]) -> None:
        start(local(name), {local(key): value for key, value in attributes.items()})

    parser = new_parser()
    parser.StartElementHandler = handle
    for _nothing in feed(parser, blocks, list):
        pass
