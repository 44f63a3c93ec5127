"""Why a file is not read, and what is said of one that is."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from crm.base.said import Params, Sentence, sentence
from crm.imports.reading.sheets import ReadingError

_REFUSALS: dict[str, Any] = {
    "empty": gettext_lazy("The file is empty."),
    "nothing": gettext_lazy("There is nothing in the file."),
    "damaged": gettext_lazy("The file is damaged and cannot be read."),
    "password": gettext_lazy("The file is protected with a password. Save it without one and try again."),
    "no text": gettext_lazy("This is not a spreadsheet, whatever its name says."),
    "no table": gettext_lazy("This is not a spreadsheet, whatever its name says."),
    "no list": gettext_lazy(
        "Of JSON, Kwartet reads a list of records with plain values. Record %(about)s is not like that."
    ),
    "entities": gettext_lazy("The file declares XML entities, which no spreadsheet needs: it is not read."),
    "unpacked": gettext_lazy(
        "The file unpacks to more than Kwartet can hold. "
        "Often one cell far away is filled: remove it and save again."
    ),
    "megabytes": gettext_lazy("The file is larger than %(most)d MB."),
    "rows": gettext_lazy(
        "The file holds more than Kwartet can hold at once: more than %(most)d rows. Split it."
    ),
    "cells": gettext_lazy(
        "The file holds more than Kwartet can hold at once: more than %(most)d cells. Split it."
    ),
    "columns": gettext_lazy(
        "The file holds more than Kwartet can hold: cell %(about)s is filled, beyond column %(most)d. "
        "Often one cell far away is filled by mistake: empty it and save again."
    ),
    "cell": gettext_lazy(
        "The file holds more than Kwartet can hold: a cell has more than %(most)d characters."
    ),
    "record": gettext_lazy(
        "The file holds more than Kwartet can hold: a record has more than %(most)d characters."
    ),
    "suffix": gettext_lazy("Kwartet reads CSV, XLSX, XLS, ODS, vCard and JSON, not “%(about)s”."),
    "sheet": gettext_lazy("There is no sheet “%(about)s” in the file."),
}
_BY_REASON: dict[str, Sentence] = {
    reason: sentence(f"file.{reason.replace(' ', '_')}", phrase) for reason, phrase in _REFUSALS.items()
}
_SETTINGS = {
    "megabytes": "IMPORT_MEGABYTES",
    "rows": "IMPORT_ROWS",
    "cells": "IMPORT_CELLS",
    "columns": "IMPORT_COLUMNS",
    "cell": "IMPORT_CELL_CHARACTERS",
    "record": "IMPORT_RECORD_CHARACTERS",
}


def refusal(reason: str, about: str = "") -> ReadingError:
    """The error that says why a file is not read."""
    most = getattr(settings, _SETTINGS[reason]) if reason in _SETTINGS else 0
    return ReadingError(_BY_REASON[reason](about=about, most=most))


def _kind(params: Params) -> Params:
    names = {"text": _("text with delimiters"), "vcard": "vCard", "qdpx": "REFI-QDA"}
    return {**params, "kind": names.get(params["kind"], params["kind"].upper())}


def _sheets(params: Params) -> Params:
    return {"sheets": ", ".join(f"“{name}” ({count})" for name, count in params["sheets"])}


OTHER_KIND = sentence(
    "file.other_kind",
    gettext_lazy("The name says “%(suffix)s”, the file itself is %(kind)s: it was read as what it is."),
    _kind,
)
LINES_ABOVE = sentence(
    "file.lines_above",
    ngettext_lazy(
        "%(count)d line above the headings was left out.",
        "%(count)d lines above the headings were left out.",
        "count",
    ),
)
HEADINGS_GUESSED = sentence(
    "file.headings_guessed",
    gettext_lazy(
        "Nothing tells the first row from those below it. It was read as headings: %(headings)s. "
        "If it is a row like the others, put headings above it."
    ),
)
# `sheets` are pairs of a name and a number of rows, which is a text: "600+".
SHEETS_NOT_READ = sentence(
    "file.sheets_not_read",
    gettext_lazy("Not read, for want of the same headings (with the number of rows): %(sheets)s."),
    _sheets,
)


def _passed(params: Params) -> Params:
    """[number, text] per row: "12 “Total 5”"; a row of dashes has its number only."""
    rows = [f"{number} “{text}”" if text.strip("-=_ ") else str(number) for number, text in params["rows"]]
    return {**params, "rows": ", ".join(rows) + (", …" if params["count"] > len(rows) else "")}


PASSED_OVER = sentence(
    "file.passed_over",
    ngettext_lazy(
        "%(count)d row was passed over, since it is about nobody (a total, a note, the headings again): "
        "%(rows)s.",
        "%(count)d rows were passed over, since they are about nobody (totals, notes, the headings again): "
        "%(rows)s.",
        "count",
    ),
    _passed,
)
HIDDEN_ROWS = sentence(
    "file.hidden_rows", gettext_lazy("Rows that were hidden in the file are read as well: %(rows)s.")
)
NO_RESULT = sentence(
    "file.no_result",
    gettext_lazy(
        "Formulas without a stored result were read as empty: %(cells)s. "
        "Open the file in a spreadsheet program and save it."
    ),
)
