"""What can be written up: each noun above registers how its notes hang on it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.utils import timezone
from django.utils.functional import Promise


@dataclass(frozen=True)
class Source:
    """`name` is the relation from the notes to what was written up ("interview"), `related` what reading its
    title takes. `titled` says on a page what it is, with %(what)s; `at` gives when it was.
    """

    name: str
    titled: Promise
    at: Callable[[Any], datetime | None]
    related: tuple[str, ...] = ()


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


def title_of(writeup: Any) -> str:
    """ "Conversation with Jan Bos", in the active language."""
    for source in SOURCES:
        try:
            return str(source.titled) % {"what": getattr(writeup, source.name)}
        except ObjectDoesNotExist:
            continue
    return str(writeup._meta.verbose_name)
