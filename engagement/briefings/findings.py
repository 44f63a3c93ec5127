"""What a briefing finds, in a few sentences: a rule says one thing or nothing, and only what was counted."""

from collections.abc import Callable, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.base.sectors import Sector
from engagement.briefings.briefing import Briefing, Part
from engagement.evidence.coverage import Flag

MOST = 4


def findings(briefing: Briefing) -> list[str]:
    """The sentences, the weightiest first; without any finding the plain count."""
    found = [sentence for rule in _RULES if (sentence := rule(briefing))]
    return found[:MOST] or [_counted(briefing)]


def _carried_by_most(briefing: Briefing) -> str:
    """Of the measures that most O's carry, at least three, the one with most sentences on the theme."""
    measures = [part for part in briefing.measures if len(_carriers(part)) >= 3]
    if not measures:
        return ""
    best = max(measures, key=lambda part: (len(_carriers(part)), part.number, -part.item.pk))
    what = {"item": best.item.title, "count": best.coverage.organisations}
    missing = [sector for sector in Sector if sector not in _carriers(best)]
    if not missing:
        return _("All four O’s carry “%(item)s”: %(count)s organisations.") % what
    words = _("Three of the four O’s carry “%(item)s”; %(missing)s does not yet.")
    return words % {**what, "missing": name(missing[0])}


def _silent(briefing: Briefing) -> str:
    if not briefing.silent:
        return ""
    return _("Nobody was heard yet from: %(sectors)s.") % {"sectors": names(briefing.silent)}


def _rests_on_one(briefing: Briefing) -> str:
    thin = [
        part
        for part in briefing.measures
        if {Flag.ONE_SECTOR, Flag.ONE_ORGANISATION} & {*part.coverage.flags}
    ]
    if not thin:
        return ""
    part = max(thin, key=lambda one: (one.coverage.statements, -one.item.pk))
    if Flag.ONE_ORGANISATION in part.coverage.flags:
        return _("“%(item)s” rests on one organisation.") % {"item": part.item.title}
    if not _carriers(part):
        return ""
    words = _("“%(item)s” rests on one O: %(sectors)s.")
    return words % {"item": part.item.title, "sectors": names(_carriers(part))}


def _rests_on_nothing(briefing: Briefing) -> str:
    bare = [part.item.title for part in briefing.measures if Flag.NO_EVIDENCE in part.coverage.flags]
    if not bare:
        return ""
    words = ngettext("%(items)s rests on no statement.", "%(items)s rest on no statement.", len(bare))
    return words % {"items": ", ".join(f"“{title}”" for title in bare)}


def _disputed(briefing: Briefing) -> str:
    if not briefing.disagreements:
        return ""
    one = briefing.disagreements[0]
    words = _("On “%(code)s” they differ. Opportunity: %(hopeful)s; concern: %(worried)s.")
    return words % {"code": one.code, "hopeful": names(one.hopeful), "worried": names(one.worried)}


def _counted(briefing: Briefing) -> str:
    count = len(briefing.statements)
    if not count:
        return _("Nothing was said on this theme yet.")
    words = ngettext(
        "%(count)d statement; nothing stands out yet.", "%(count)d statements; nothing stands out yet.", count
    )
    return words % {"count": count}


_RULES: list[Callable[[Briefing], str]] = [
    _carried_by_most,
    _silent,
    _rests_on_one,
    _rests_on_nothing,
    _disputed,
]


def _carriers(part: Part) -> list[Sector]:
    return [sector for sector, count in part.coverage.sectors.items() if count]


def name(sector: Sector) -> str:
    """As it stands within a sentence."""
    return str(sector.label).lower()


def names(sectors: Sequence[Sector]) -> str:
    *first, last = map(name, sectors)
    return _("%(first)s and %(last)s") % {"first": ", ".join(first), "last": last} if first else last
