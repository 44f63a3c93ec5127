"""The Markdown that a mailing may have: paragraphs, stress, links and lists, as HTML and as plain text.

Two walls: the parser knows nothing else, so that anything else stays as it was typed; and nh3 goes over the
finished HTML as if it came from a stranger.
"""

import re
from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

import nh3
from django.utils.safestring import SafeString
from markdown_it import MarkdownIt
from markdown_it.token import Token

SCHEMES = frozenset({"http", "https", "mailto"})
# Mail programs drop style sheets, so that each tag carries its own; mail/base.html makes it dark by class.
_STYLES = {
    "p": "margin:0 0 16px",
    "ul": "margin:0 0 16px;padding:0 0 0 24px",
    "ol": "margin:0 0 16px;padding:0 0 0 24px",
    "li": "margin:0 0 4px",
    "a": "color:#1c2130",
}
_TAGS = {*_STYLES, "em", "strong", "br"}
_ATTRIBUTES = {tag: {"style"} for tag in _STYLES} | {
    "a": {"href", "style"},
    "ol": {"start", "style"},
    "*": set(),
}
# A line of a mail holds 998 octets (RFC 5322 section 2.1.1), and a paragraph is often longer.
_LONG_LINE = 150
_LONG = re.compile(rf"([^\n]{{{_LONG_LINE},}}?) ")
_TAGS_SPACES_WORDS = re.compile(r"<[^>]*>|\s+|[^<\s]+")


def _parser() -> MarkdownIt:
    # Deeper than anybody writes: what lies beyond it would be left out without a word.
    parser = MarkdownIt("zero", {"breaks": True, "maxNesting": 100})
    return parser.enable(["emphasis", "link", "list", "newline", "escape"])


def may_follow(url: str) -> bool:
    """Whether `url` is of a kind that a mail may lead to."""
    try:
        return urlsplit(url).scheme.lower() in SCHEMES
    except ValueError:
        return False


_ALL_LINKS, _MARKDOWN = _parser(), _parser()
_MARKDOWN.validateLink = may_follow  # type: ignore[method-assign]
_ALL_LINKS.validateLink = lambda url: True  # type: ignore[method-assign]


def as_html(text: str) -> SafeString:
    """Ready to stand in a mail."""
    return _html(_MARKDOWN.parse(_whole(text)))


def as_text(text: str) -> str:
    """The same without markup: "words (https://…)", "- item"."""
    return "\n".join(_lines(_MARKDOWN.parse(_whole(text)))).strip("\n")


def items_as_html(text: str) -> SafeString:
    """Each line of `text` as an item of a list; within it stress and links."""
    return _html(_list_of(_whole(text)))


def items_as_text(text: str) -> str:
    return "\n".join(_lines(_list_of(_whole(text)))).strip("\n")


def links_in(text: str) -> list[str]:
    """Where the links lead, also those that are not let through."""
    return [
        str(child.attrs["href"])
        for token in _ALL_LINKS.parse(text)
        for child in token.children or []
        if child.type == "link_open"
    ]


def has_broken_link(text: str) -> bool:
    """Whether something was meant as a link, but is not written as one: a space in the address, no end."""
    return any(
        child.type == "text" and "](" in child.content
        for token in _ALL_LINKS.parse(text)
        for child in token.children or []
    )


def items(text: str) -> list[str]:
    """The lines of a list, without the dash that some put before them."""
    return [line.strip().removeprefix("- ").removeprefix("* ") for line in text.splitlines() if line.strip()]


def _whole(text: str) -> str:
    """Half a character, which no mail can carry, becomes a question mark."""
    return text.encode("utf-8", "replace").decode()


def _list_of(text: str) -> list[Token]:
    found = [Token("bullet_list_open", "ul", 1, block=True)]
    for line in items(text):
        found.append(Token("list_item_open", "li", 1, block=True))
        found += _MARKDOWN.parseInline(line)
        found.append(Token("list_item_close", "li", -1, block=True))
    return [*found, Token("bullet_list_close", "ul", -1, block=True)]


def _html(tokens: Sequence[Token]) -> SafeString:
    for token in _each(tokens):
        if token.nesting == 1 and token.tag in _STYLES:
            token.attrSet("style", _STYLES[token.tag])
        if token.attrs.get("href") == "":
            del token.attrs["href"]  # "[words]()" leads nowhere, and not back to the mail itself
    html = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})
    clean = nh3.clean(html, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=set(SCHEMES), link_rel=None)
    return SafeString(_folded(clean.strip()))


def _folded(html: str) -> str:
    """The same to a reader, in lines that a mail can hold: a space between words becomes a line break."""
    found, width = [], 0
    for piece in _TAGS_SPACES_WORDS.findall(html):
        breaks = piece.isspace() and (width > _LONG_LINE or "\n" in piece)
        found.append("\n" if breaks else piece)
        width = 0 if breaks else width + len(piece)
    return "".join(found)


def _each(tokens: Iterable[Token]) -> Iterable[Token]:
    for token in tokens:
        yield token
        yield from token.children or []


def _lines(tokens: Sequence[Token]) -> Iterable[str]:
    """Line by line; `marks` are the dashes and numbers of the lists that are open."""
    marks: list[str] = []
    started = ""
    for token in tokens:
        if token.type in ("bullet_list_open", "ordered_list_open"):
            marks.append(str(token.attrs.get("start", 1)) if token.type.startswith("ordered") else "-")
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            marks.pop()
            if not marks:
                yield ""
        elif token.type == "list_item_open":
            started, marks[-1] = _item_mark(marks)
        elif token.type == "inline":
            indent = "  " * len(marks)
            words = _LONG.sub(r"\1\n", _words(token.children or [])).replace("\n", f"\n{indent}")
            yield f"{started or indent}{words}"
            started = ""
        elif token.type == "paragraph_close" and not marks:
            yield ""


def _item_mark(marks: Sequence[str]) -> tuple[str, str]:
    """What stands before the item that begins, and what the list goes on with."""
    indent, mark = "  " * (len(marks) - 1), marks[-1]
    return (f"{indent}- ", "-") if mark == "-" else (f"{indent}{mark}. ", str(int(mark) + 1))


def _words(tokens: Iterable[Token]) -> str:
    found: list[str] = []
    link, start = "", 0
    for token in tokens:
        if token.type in ("text", "text_special"):
            found.append(token.content)
        elif token.type in ("softbreak", "hardbreak"):
            found.append("\n")
        elif token.type == "link_open":
            link, start = str(token.attrs["href"]).removeprefix("mailto:"), len(found)
        elif token.type == "link_close" and link and "".join(found[start:]) != link:
            found.append(f" ({link})")
    return "".join(found)
