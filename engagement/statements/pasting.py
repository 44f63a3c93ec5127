"""Notes from elsewhere: what Word, Outlook or a web page put on the clipboard, and Word documents."""

import re
import zipfile
from html.parser import HTMLParser
from typing import BinaryIO

import mammoth
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from engagement.statements.texts import LONGEST_NOTES, stored

# Nothing of these is for a reader.
_SILENT = {"head", "script", "style", "title", "template", "xml"}
_BLOCKS = {
    *("address", "article", "blockquote", "div", "dd", "dl", "dt", "footer", "h1", "h2", "h3", "h4", "h5"),
    *("h6", "header", "hr", "li", "main", "ol", "p", "pre", "section", "table", "tr", "ul"),
}
# Paragraphs stand apart, lines of a list do not.
_APART = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "table", "ul", "ol"}
# What Word writes in front of a line of a list: a sign of its own font, or "o", and then fixed spaces.
_BULLET = re.compile(r"^[·•▪§\uf0b7\uf0a7\uf0fc–-]\s+|^o\xa0[\xa0\s]*", re.MULTILINE)
_LARGEST_DOCUMENT = 60 << 20  # bytes, unpacked


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent = 0
        self._lists: list[int] = []
        self._preformatted = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent += 1
        elif tag == "br":
            self.parts.append("\n")
        elif tag in ("td", "th"):
            self.parts.append("\t")
        elif tag in _BLOCKS:
            self._break(tag)
            self._open(tag)

    def _open(self, tag: str) -> None:
        if tag in ("ul", "ol"):
            self._lists.append(0 if tag == "ol" else -1)
        elif tag == "li":
            self.parts.append(self._mark())
        elif tag == "pre":
            self._preformatted += 1

    def _mark(self) -> str:
        if not self._lists or self._lists[-1] < 0:
            return "- "
        self._lists[-1] += 1
        return f"{self._lists[-1]}. "

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(self._silent - 1, 0)
        elif tag in _BLOCKS:
            self._break(tag)
            if tag in ("ul", "ol") and self._lists:
                self._lists.pop()
            elif tag == "pre":
                self._preformatted = max(self._preformatted - 1, 0)

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(data if self._preformatted else re.sub(r"[ \t\r\n\f]+", " ", data))

    def _break(self, tag: str) -> None:
        self.parts.append("\n\n" if tag in _APART and not (self._lists and tag == "p") else "\n")


def text_of_html(html: str) -> str:
    """The words of `html` as lines: paragraphs after an empty line, a list with "-" or its numbers."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    lines = [re.sub(r"[ \xa0]+", " ", line).strip(" \t") for line in "".join(reader.parts).split("\n")]
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")
    # A break inside a line of a list or between two of them is no paragraph.
    return stored(re.sub(r"\n\n(?=(?:- |\d+\. ))", "\n", tidied(text)))


def tidied(text: str) -> str:
    """`text` with Word's signs of a list as "- "."""
    return _BULLET.sub("- ", text)


def text_of_document(file: BinaryIO) -> str:
    """The words of a Word document (DOCX); ValidationError in words for what is none, or is too large."""
    try:
        with zipfile.ZipFile(file) as archive:
            if sum(one.file_size for one in archive.infolist()) > _LARGEST_DOCUMENT:
                raise ValidationError(_("This document is too large."))
        file.seek(0)
        html = mammoth.convert_to_html(
            file, convert_image=mammoth.images.img_element(lambda _image: {})
        ).value
    except ValidationError:
        raise
    except Exception as problem:  # whatever a broken document breaks in mammoth, the answer is the same
        raise ValidationError(_("This is no Word document (DOCX) that can be read.")) from problem
    text = text_of_html(html)
    if len(text) > LONGEST_NOTES:
        raise ValidationError(_("This document is too large."))
    return text
