"""The table that contacts are searched in, and how each database finds terms in it."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connections, models
from django.db.models.expressions import RawSQL


class SearchDocumentQuerySet(models.QuerySet["SearchDocument"]):
    def holding(self, terms: Sequence[str], most: int = -1) -> SearchDocumentQuerySet:
        """Those in which every term occurs, by the trigram index: quick while few do, or with `most`
        (PostgreSQL stops at the limit of the query around it).
        """
        if connections[self.db].vendor != "sqlite":
            return self.reading(terms)
        phrases = " AND ".join('"' + term.replace('"', '""') + '"' for term in terms)
        # The table of the index is no model; its parameters are bound.
        sql = "SELECT rowid FROM crm_contact_fts WHERE crm_contact_fts MATCH %s LIMIT %s"
        return self.filter(contact__in=RawSQL(sql, [phrases, most]))  # noqa: S611

    def reading(self, terms: Sequence[str]) -> SearchDocumentQuerySet:
        """The same by reading every document: quick when many hold the terms and a few are wanted."""
        found = self
        for term in terms:
            found = found.filter(text__contains=term)
        return found

    def numbers(self, most: int) -> list[int]:
        """Of which contacts these are, at most so many."""
        return list(self.order_by().values_list("contact", flat=True)[:most])


class SearchDocument(models.Model):
    """The folded words of one contact; written by `indexing.keep_documents()` only."""

    contact = models.OneToOneField(
        "crm.Contact", models.CASCADE, primary_key=True, related_name="search_document"
    )
    text = models.TextField()

    objects = SearchDocumentQuerySet.as_manager()

    def __str__(self) -> str:
        return self.text
