"""Of which rows the texts are searched: one kind per model, registered by its noun in finding.py."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.functional import Promise

from crm.accounts.models import User
from crm.base.finding import MOST, Hit, Provider, register_provider
from crm.base.stems import language_of
from crm.texts.models import TextDocument
from crm.texts.queries import Query, cut_words, read_query
from crm.texts.snippets import Snippet, marks, snippet


@dataclass(frozen=True)
class TextKind:
    """The texts of the rows of `model`, which has a GenericRelation to TextDocument.

    `texts` gives (language, text) of a row, of which `related` was prefetched; with "" for a language it is
    guessed. `capability` is what it takes to find any, and `readable` gives the rows that one reader may
    find, in the order in which they are shown. `shown` gives a hit for each row; the snippet is added to it.
    """

    model: type[Model]
    heading: Promise | str
    icon: str
    capability: str
    place: int
    texts: Callable[[Any], Iterable[tuple[str, str]]]
    readable: Callable[[User], QuerySet[Any]]
    shown: Callable[[Sequence[Any], User], Iterable[Hit]]
    related: tuple[str, ...] = ()

    def found(self, text: str, reader: User) -> QuerySet[Any]:
        """The rows that `reader` may read whose texts hold what somebody typed."""
        query, rows = read_query(text), self.readable(reader)
        if not query:
            return rows.none()
        return rows.filter(pk__in=TextDocument.objects.of(self.model).matching(query).values("object_id"))

    def hits(self, text: str, reader: User) -> Iterable[Hit]:
        query = read_query(text)
        rows = list(self.found(text, reader).prefetch_related(*self.related)[: MOST + 1])
        for row, hit in zip(rows, self.shown(rows, reader), strict=True):
            yield replace(hit, snippet=self._snippet(row, query))

    def _snippet(self, row: Any, query: Query) -> Snippet:
        """Of the language in which most was found."""
        texts = self.texts(row)
        pieces = (snippet(text, query, language or language_of(cut_words(text))) for language, text in texts)
        return max(pieces, key=marks)


KINDS: dict[type[Model], TextKind] = {}


def register_texts(kind: TextKind) -> None:
    KINDS[kind.model] = kind
    register_provider(Provider(kind.heading, kind.icon, kind.capability, kind.hits, kind.place))
