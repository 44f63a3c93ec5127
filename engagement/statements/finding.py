"""Notes and statements, found from everywhere by their words: notes by whoever may read them, statements with
what the reader may know of who said them.
"""

from collections.abc import Iterable, Sequence

from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.base.finding import Hit
from crm.texts.kinds import TextKind, register_texts
from engagement.statements.attribution import NAMES, attribution, shown_to, trusted_with
from engagement.statements.models import Statement, Writeup
from engagement.statements.sources import SOURCES, title_of


def _texts_of_notes(writeup: Writeup) -> Iterable[tuple[str, str]]:
    return [("", writeup.text)]


def _readable_notes(reader: User) -> QuerySet[Writeup]:
    related = [f"{source.name}__{name}" for source in SOURCES for name in source.related]
    rows = Writeup.objects.readable_by(reader).select_related(*(source.name for source in SOURCES))
    return rows.prefetch_related(*related).order_by("-updated_at", "-pk")


def _shown_notes(writeups: Sequence[Writeup], reader: User) -> Iterable[Hit]:
    confidential = gettext("only for who held the conversation")
    return [
        Hit(title_of(one), confidential if one.confidential else "", one.get_absolute_url())
        for one in writeups
    ]


def _texts_of_statement(statement: Statement) -> Iterable[tuple[str, str]]:
    """Not what our words stand for: that is for who may read the notes, and found in those."""
    return [("", statement.words)]


def _readable_statements(reader: User) -> QuerySet[Statement]:
    rows = shown_to(Statement.objects.all(), reader).order_by("-created_at", "-pk")
    return rows.select_related("latest_response", "writeup", "speaker__contact", "speaker__organisation")


def _shown_statements(statements: Sequence[Statement], reader: User) -> Iterable[Hit]:
    trusted = trusted_with(reader)
    for one in statements:
        by = attribution(one, reader, trusted=trusted)
        yield Hit(by.called, str(one.get_stance_display()), one.get_absolute_url())


register_texts(
    TextKind(
        model=Writeup,
        heading=_("Notes"),
        icon="file-text",
        capability=NAMES,
        place=42,
        texts=_texts_of_notes,
        readable=_readable_notes,
        shown=_shown_notes,
    )
)
register_texts(
    TextKind(
        model=Statement,
        heading=_("Statements"),
        icon="quote",
        capability="statements.view",
        place=44,
        texts=_texts_of_statement,
        readable=_readable_statements,
        shown=_shown_statements,
    )
)
