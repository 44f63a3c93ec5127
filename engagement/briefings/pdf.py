"""A briefing as a tagged PDF (PDF/UA-1), set by typst.

All that somebody typed reaches it as data, so nothing of it is read as markup. Letters that no font at hand
has are not allowed by the standard; a document with such letters is made without claiming it.
"""

import json
from pathlib import Path
from typing import Any

import typst
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from crm.base.sectors import Sector
from crm.base.text import printable
from engagement.briefings.briefing import Briefing, Disagreement, Part, Said
from engagement.briefings.findings import findings, names
from engagement.decisions.models import Decision

_HERE = Path(__file__).resolve().parent
_LETTERS = dict(zip(Sector, "WZNV", strict=True))


def as_pdf(briefing: Briefing) -> bytes:
    compiler = typst.Compiler(
        _HERE / "briefing.typ",
        root=_HERE,
        font_paths=[_HERE / "fonts"],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(content(briefing))},
    )
    try:
        made = compiler.compile(format="pdf", pdf_standards=["ua-1"])
    except typst.TypstError:
        made = compiler.compile(format="pdf")
    return bytes(made)  # type: ignore[arg-type]  # one document


def content(briefing: Briefing) -> dict[str, Any]:
    """All the words that stand in the document."""
    data: dict[str, Any] = {
        "lang": (get_language() or "nl")[:2],
        "title": str(briefing.theme),
        "based_on": based_on(briefing),
        "findings": findings(briefing),
        "heard_title": _("Organisations that were heard"),
        "heard": [
            {
                "letter": _LETTERS[one.sector],
                "sector": one.sector.value,
                "word": str(one.sector.label),
                "text": _("%(heard)d of %(all)d") % {"heard": one.heard, "all": one.concerned},
            }
            for one in briefing.heard
        ],
        "pillars": [_part(pillar) for pillar in briefing.pillars],
        "disagree": {
            "title": _("Where they disagree"),
            "rule": _("One O names opportunities only and another one concerns only, under the same code."),
            "rows": [_disagreement(one) for one in briefing.disagreements],
        },
        "decided": {"title": _("What was decided"), "rows": [_decision(one) for one in briefing.taken]},
        "agenda": {"title": _("On the agenda"), "rows": [_decision(one) for one in briefing.agenda]},
        "loose": {
            "title": _("Statements that land nowhere"),
            "count": len(briefing.loose),
            "rows": [_said(one) for one in briefing.some_loose],
        },
        "page": _("page"),
    }
    return _clean(data)


def based_on(briefing: Briefing) -> str:
    words = ngettext(
        "Based on %(count)d statement of %(organisations)d organisations, up to %(day)s.",
        "Based on %(count)d statements of %(organisations)d organisations, up to %(day)s.",
        len(briefing.statements),
    )
    return words % {
        "count": len(briefing.statements),
        "organisations": len(briefing.organisations),
        "day": date_format(briefing.today, "DATE_FORMAT"),
    }


def _part(part: Part) -> dict[str, Any]:
    words = ngettext("%(count)d more on this theme", "%(count)d more on this theme", part.more)
    return {
        "kind": part.item.kind,
        "code": part.item.code,
        "title": part.item.title,
        "carried": [
            {"letter": _LETTERS[sector], "sector": sector.value, "count": count}
            for sector, count in part.coverage.sectors.items()
        ],
        "flag": part.flag_name,
        "said": [_said(one) for one in part.said],
        "more": words % {"count": part.more} if part.more else "",
        "below": [_part(one) for one in part.below],
    }


def _said(said: Said) -> dict[str, str]:
    words = said.statement.words
    evidence = said.evidence
    return {
        "words": f"“{words}”" if said.by.quoted else words,
        "who": said.by.called,
        "outcome": str(evidence.get_outcome_display()) if evidence else "",
        "reason": evidence.reason if evidence else "",
    }


def _disagreement(one: Disagreement) -> dict[str, Any]:
    return {
        "code": str(one.code),
        "hope": {"who": names(one.hopeful), "kind": _("opportunity"), **_said(one.hope)},
        "worry": {"who": names(one.worried), "kind": _("concern"), **_said(one.worry)},
    }


def _decision(decision: Decision) -> dict[str, str]:
    return {
        "day": date_format(decision.decided_on, "SHORT_DATE_FORMAT"),
        "text": decision.text,
        "by": str(decision.taken_by),
        "about": ", ".join(item.code for item in decision.items.all()),
    }


def _clean(value: Any) -> Any:
    """Without the characters that no document may hold."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dict):
        return {name: _clean(one) for name, one in value.items()}
    return [_clean(one) for one in value] if isinstance(value, list) else value
