"""What a browser would send for the main form of a page when nothing is typed."""

from html.parser import HTMLParser
from typing import Any


class _Form(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, Any] = {}
        self._inside = False
        self._name = ""
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = found.get("method") == "post" and "action" not in found
        if not self._inside:
            return
        if tag == "input" and found.get("name"):
            self._input(found)
        elif tag == "textarea":
            self._name = found.get("name", "")
            self.fields[self._name] = ""
        elif tag == "select":
            self._select = found.get("name", "")
        elif tag == "option" and "selected" in found:
            self.fields[self._select] = found.get("value", "")

    def _input(self, found: dict[str, str]) -> None:
        name, kind = found["name"], found.get("type", "text")
        if kind in ("checkbox", "radio"):
            if "checked" in found:
                self.fields.setdefault(name, []).append(found.get("value", "on"))
        elif kind not in ("submit", "file"):
            self.fields[name] = found.get("value", "")

    def handle_data(self, data: str) -> None:
        if self._name:
            self.fields[self._name] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        elif tag == "textarea":
            self._name = ""


def fields_of(response: Any) -> dict[str, Any]:
    """The fields of the forms on the page that post to the page itself."""
    parser = _Form()
    parser.feed(response.content.decode())
    return {
        name: value.lstrip("\r\n") if isinstance(value, str) else value
        for name, value in parser.fields.items()
    }
