"""The table that long texts are searched in, and how each database finds words in it."""

from __future__ import annotations

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import connections, models
from django.db.models import Q
from django.db.models.expressions import RawSQL

from crm.texts.queries import Query

_LEXEMES = "array_to_tsvector(string_to_array(btrim({}), ' '))"
_WORDS, _STEMS = _LEXEMES.format("words"), _LEXEMES.format("stems")


class TextDocumentQuerySet(models.QuerySet["TextDocument"]):
    def of(self, model: type[models.Model]) -> TextDocumentQuerySet:
        return self.filter(content_type=ContentType.objects.get_for_model(model))

    def matching(self, query: Query) -> TextDocumentQuerySet:
        """Those that hold everything `query` asks, each looked for in its own language."""
        found = self.filter(
            *(Q(words__contains=f" {' '.join(phrase)} ") for phrase in query.phrases),
        )
        condition = Q()
        for language, _name in settings.LANGUAGES:
            condition |= Q(language=language, pk__in=self._indexed(query, language))
        return found.filter(condition)

    def _indexed(self, query: Query, language: str) -> RawSQL:
        """Which documents hold the words, by the index; of a phrase only that its words occur somewhere."""
        terms = query.terms(language)
        words = [word for phrase in query.phrases for word in phrase]
        whole = terms.stems[:-1] if terms.beginning else terms.stems
        last = (terms.stems[-1], terms.beginning) if terms.beginning else None
        if connections[self.db].vendor == "sqlite":
            return _in_sqlite(words, whole, last)
        return _in_postgresql(words, whole, last)


def _in_sqlite(words: list[str], stems: tuple[str, ...], last: tuple[str, str] | None) -> RawSQL:
    parts = [f'words : "{word}"' for word in words] + [f'stems : "{stem}"' for stem in stems]
    if last:
        parts.append(f'(stems : "{last[0]}" OR words : "{last[1]}" *)')
    # The table of the index is no model; its parameter is bound, and words have no quotation marks.
    sql = "SELECT rowid FROM crm_text_fts WHERE crm_text_fts MATCH %s"
    return RawSQL(sql, [" AND ".join(parts)])  # noqa: S611


def _in_postgresql(words: list[str], stems: tuple[str, ...], last: tuple[str, str] | None) -> RawSQL:
    """Words and stems are lexemes as they are, as the configuration "simple" would make them."""
    conditions: list[tuple[str, list[str]]] = []
    for column, found in ((_WORDS, words), (_STEMS, list(stems))):
        if found:
            conditions.append((f"{column} @@ %s::tsquery", [" & ".join(f"'{one}'" for one in found)]))
    if last:
        either = f"({_STEMS} @@ %s::tsquery OR {_WORDS} @@ %s::tsquery)"
        conditions.append((either, [f"'{last[0]}'", f"'{last[1]}':*"]))
    where = " AND ".join(sql for sql, _ in conditions)
    parameters = [one for _, bound in conditions for one in bound]
    return RawSQL(f"SELECT id FROM crm_textdocument WHERE {where}", parameters)  # noqa: S608, S611


class TextDocument(models.Model):
    """The words of a row's texts in one language; written by services.keep_texts() only.

    The row's model has a GenericRelation to it, so that it goes with the row.
    """

    content_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    object_id = models.PositiveBigIntegerField()
    row = GenericForeignKey()
    language = models.CharField(max_length=2, choices=settings.LANGUAGES)
    # Folded, one space before, between and after them.
    words = models.TextField()
    stems = models.TextField()

    objects = TextDocumentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id", "language"], name="textdocument_once_per_language"
            )
        ]

    def __str__(self) -> str:
        return self.words.strip()
