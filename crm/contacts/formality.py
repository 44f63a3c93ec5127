"""u or je: the form of Dutch in which somebody is spoken to. English has one."""

import re

from django.db import models
from django.utils.translation import gettext_lazy as _

# A private variety of Dutch (RFC 5646 section 2.2.7). Its catalogue holds the sentences in which somebody is
# spoken to; for all others Django falls back on Dutch, which says u.
DUTCH_WITH_JE = "nl-x-je"
VARIETIES = ("nl", DUTCH_WITH_JE, "en")

_SAYS_U = re.compile(r"\b(u|uw|uwe|uzelf)\b", re.IGNORECASE)
_SAYS_JE = re.compile(r"\b(je|jij|jou|jouw|jezelf|jullie)\b", re.IGNORECASE)


class Formality(models.TextChoices):
    U = "u", _("formal (u)")
    JE = "je", _("informal (je)")


def variety(language: str, formality: str) -> str:
    """What translation.override() takes: "nl", "nl-x-je" or "en"."""
    return DUTCH_WITH_JE if language == "nl" and formality == Formality.JE else language


def slips(text: str, formality: str) -> list[str]:
    """The words in a Dutch text of this form that speak to its reader in the other one, each once."""
    other = _SAYS_U if formality == Formality.JE else _SAYS_JE
    return list(dict.fromkeys(found[0].lower() for found in other.finditer(text)))
