"""What is said of statements that come in from a spreadsheet."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from crm.base.said import sentence

_MOST_NAMED = 12


def _names(params: Mapping[str, Any]) -> Mapping[str, Any]:
    """The first names of a list, in quotation marks and with the end of the sentence; how many there are."""
    names = params["names"]
    text = ", ".join(f"“{name}”" for name in names[:_MOST_NAMED])
    return {"count": len(names), "names": f"{text}, …" if len(names) > _MOST_NAMED else f"{text}."}


def _place(params: Mapping[str, Any]) -> Mapping[str, Any]:
    text = _("row %(row)d of “%(sheet)s”") if params["sheet"] else _("row %(row)d")
    return {"place": text % params}


NO_STATEMENTS = sentence(
    "statements.no_column",
    gettext_lazy("No column with what was said was found, so no row can become a statement."),
)
NEW_CODES = sentence(
    "statements.new_codes",
    ngettext_lazy(
        "%(count)d code is new and will be made: %(names)s",
        "%(count)d codes are new and will be made: %(names)s",
        "count",
    ),
    _names,
)
NO_TEXT = sentence("statement.no_text", gettext_lazy("There is no text in this row."))
NO_CODE_NAME = sentence(
    "statement.no_code_name", gettext_lazy("“%(text)s” cannot be the name of a code: it has no letters.")
)
NOT_READ = sentence("statement.not_read", gettext_lazy("“%(text)s” in “%(heading)s” was not understood."))
OTHER_WORDS = sentence(
    "statement.other_words",
    gettext_lazy("Another statement has the code %(code)s already, with other words."),
)
WORDS_KEPT = sentence(
    "statement.words_kept",
    gettext_lazy("The words are others in Kwartet; they stay, since they are what was said."),
)
SAME_STATEMENT = sentence("statement.same", gettext_lazy("The same statement as in %(place)s."), _place)
STATEMENT_ADDED = sentence(
    "statement.added",
    gettext_lazy("Somebody added this statement after the plan was made. Read the file again."),
)
NOBODY_BROUGHT_IT = sentence(
    "statement.nobody_brought_it",
    gettext_lazy("A statement is taken down by somebody: say who brings this file in."),
)
STATEMENT_OTHERWISE = sentence(
    "statement.otherwise",
    gettext_lazy("Somebody changed this statement after the plan was made. Read the file again."),
)
STATEMENT_GONE = sentence("statement.gone", gettext_lazy("The statement is not there any more."))
STATEMENT_CHANGED = sentence(
    "statement.changed", gettext_lazy("Kept, because the statement was changed since.")
)
STATEMENT_CODED = sentence("statement.coded", gettext_lazy("Kept, because it has other codes since."))
STATEMENT_LINKED = sentence(
    "statement.linked", gettext_lazy("Kept, because other statements are linked to it since.")
)
STATEMENT_USED = sentence("statement.used", gettext_lazy("Kept, because something rests on it since."))
