"""What the program says about rows and files: kept as a code with parameters, told in the language of whoever
reads it.

A noun registers its sentences in its file `said.py`, each once, and says one by calling it: `NO_NAME()`,
`TOO_LONG(start="Van de", most=100)`. In JSON each is `[code, {parameter: value}]`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from django.core.exceptions import ObjectDoesNotExist, ValidationError

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Params = Mapping[str, Any]
_as_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
# What goes wrong with a sentence that an older or newer version kept.
_UNTELLABLE = (LookupError, TypeError, ValueError, ObjectDoesNotExist)


class Said(NamedTuple):
    """A tuple, so that JSON has it as a list of two; read back it is that list."""

    code: str
    params: Params


def _as_they_are(params: Params) -> Params:
    return params


@dataclass(frozen=True)
class Sentence:
    """`phrase` is a lazy translation with %(name)s places, perhaps one with a plural (ngettext_lazy).

    `words` turns codes among the kept parameters into words of the active language.
    """

    code: str
    phrase: _StrPromise | str
    words: Callable[[Params], Params] = _as_they_are

    def __call__(self, **params: Any) -> Said:
        return Said(self.code, params)

    def invalid(self, **params: Any) -> ValidationError:
        """What a form shows now; said_in() gives what was said back, to be kept."""
        return ValidationError(self.phrase, code=self.code, params=params)


SENTENCES: dict[str, Sentence] = {}


def sentence(
    code: str, phrase: _StrPromise | str, words: Callable[[Params], Params] = _as_they_are
) -> Sentence:
    SENTENCES[code] = one = Sentence(code, phrase, words)
    return one


# A sentence that was kept in the language of whoever was there, or that a person typed.
TEXT = sentence("text", "%(text)s")


def told(kept: Iterable[Iterable[Any]]) -> str:
    """What was said, one sentence after the other, in the active language."""
    return " ".join(_told(code, params) for code, params in kept)


def _told(code: str, params: Params) -> str:
    """An unknown code still shows what it was about."""
    try:
        one = SENTENCES[code]
        return str(one.phrase % one.words(params))
    except _UNTELLABLE:
        return ", ".join(map(str, params.values())) or code


def said_in(error: ValidationError) -> list[Said]:
    """What the checks said that raised `error` by Sentence.invalid()."""
    return [Said(one.code or "", one.params or {}) for one in error.error_list]


def as_text(said: Said) -> str:
    """For a column of text, such as the reason of a line of history."""
    return _as_json(said)


def from_text(text: str) -> Iterable[Any]:
    """What as_text() kept; any other text is a sentence of its own."""
    try:
        code, params = json.loads(text)
    except (TypeError, ValueError):
        return TEXT(text=text)
    return (code, params) if isinstance(code, str) and isinstance(params, dict) else TEXT(text=text)
