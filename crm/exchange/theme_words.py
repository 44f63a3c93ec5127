"""The themes that a cell names, in full or short, between whatever separators people use."""

import re
from collections.abc import Iterable

from crm.base.text import words
from crm.themes.models import Theme

_SEPARATOR = re.compile(r"(\s*[|;,/\n+&•·]\s*|\s+(?:en|and)\s+)")
_SHORTEST = 5


class ThemeFinder:
    """Knows the themes that exist; it never invents one."""

    def __init__(self, themes: Iterable[Theme] | None = None) -> None:
        self._spellings: dict[str, Theme] = {}
        for theme in Theme.objects.all() if themes is None else themes:
            for name in (theme.name_nl, theme.name_en, theme.slug):
                self._spellings.setdefault(" ".join(words(name)), theme)

    def find(self, text: str) -> tuple[list[Theme], list[str]]:
        """(themes, what names none): the longest run that names a theme counts: a name can hold a slash."""
        pieces = _SEPARATOR.split(text)
        found: dict[int, Theme] = {}
        unknown: list[str] = []
        at = 0
        while at < len(pieces):
            theme, used = self._longest(pieces, at)
            if theme:
                found[theme.pk] = theme
            elif words(pieces[at]):
                unknown.append(pieces[at].strip())
            at += used
        return sorted(found.values(), key=lambda theme: theme.name_nl), unknown

    def named(self, text: str) -> Theme | None:
        """The theme that is called so, in full."""
        return self._spellings.get(" ".join(words(text)))

    def one(self, text: str) -> Theme | None:
        """The theme that a text names and nothing else."""
        themes, unknown = self.find(text)
        return themes[0] if len(themes) == 1 and not unknown else None

    def _longest(self, pieces: list[str], at: int) -> tuple[Theme | None, int]:
        for end in range(len(pieces), at, -2):
            if theme := self._named("".join(pieces[at:end]), exact=end > at + 1):
                return theme, end - at + 1
        return None, 2

    def _named(self, text: str, *, exact: bool) -> Theme | None:
        """The theme with this name; a single piece may also be a part that only one theme has."""
        plain = " ".join(words(text))
        if exact or plain in self._spellings or len(plain) < _SHORTEST:
            return self._spellings.get(plain)
        holders = {theme.pk: theme for name, theme in self._spellings.items() if _is_part(plain, name)}
        return next(iter(holders.values())) if len(holders) == 1 else None


def _is_part(part: str, name: str) -> bool:
    """ "talent" and "doelgroep" of "battle for talent" and "doelgroepen"."""
    return f" {part}" in f" {name}"
