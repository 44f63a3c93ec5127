"""What can be written up: each noun above registers how its notes hang on it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.utils import timezone
from django.utils.functional import Promise


@dataclass(frozen=True)
class Occasion:
    """When and where somebody spoke, in words for themselves: `by` whom they were heard, else `title`."""

    by: str = ""
    title: str = ""
    promise: str = ""
    on: date | None = None


def _nothing(writeup: Any) -> None:
    """Most have no state that follows."""


@dataclass(frozen=True)
class Source:
    """`name` is the relation from the notes to what was written up ("interview"), `related` what reading its
    title takes. `titled` says on a page what it is, with %(what)s; `at` gives when it was, `occasion`
    how it is told to who spoke, in the active language. `settled` is called with the notes whenever it may
    have changed whether all of it is approved.
    """

    name: str
    titled: Promise
    at: Callable[[Any], datetime | None]
    occasion: Callable[[Any], Occasion]
    related: tuple[str, ...] = ()
    settled: Callable[[Any], None] = _nothing


SOURCES: list[Source] = []


def register_source(source: Source) -> None:
    SOURCES.append(source)


def source_of(writeup: Any) -> Any:
    """The interview or session of these notes; None of notes that were made by themselves."""
    for source in SOURCES:
        try:
            return getattr(writeup, source.name)
        except ObjectDoesNotExist:
            continue
    return None


def day_of(writeup: Any) -> date | None:
    """The day on which it was said."""
    for source in SOURCES:
        try:
            at = source.at(getattr(writeup, source.name))
            return timezone.localdate(at) if at else None
        except ObjectDoesNotExist:
            continue
    return None


def occasion_of(writeup: Any) -> Occasion:
    for source in SOURCES:
        try:
            return replace(source.occasion(getattr(writeup, source.name)), on=day_of(writeup))
        except ObjectDoesNotExist:
            continue
    return Occasion()


def tell_settled(writeup: Any) -> None:
    for source in SOURCES:
        source.settled(writeup)


def title_of(writeup: Any) -> str:
    """ "Conversation with Jan Bos", in the active language."""
    for source in SOURCES:
        try:
            return str(source.titled) % {"what": getattr(writeup, source.name)}
        except ObjectDoesNotExist:
            continue
    return str(writeup._meta.verbose_name)
