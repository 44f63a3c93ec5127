"""Addresses and KvK numbers in the one way in which they are kept."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.organisations.said import NO_KVK_NUMBER

HOME = "NL"
# By ISO 3166 code: Europe, and where partners further away mostly are.
COUNTRIES = [
    ("NL", gettext_lazy("Netherlands")),
    ("BE", gettext_lazy("Belgium")),
    ("DE", gettext_lazy("Germany")),
    ("AU", gettext_lazy("Australia")),
    ("AT", gettext_lazy("Austria")),
    ("BR", gettext_lazy("Brazil")),
    ("BG", gettext_lazy("Bulgaria")),
    ("CA", gettext_lazy("Canada")),
    ("CN", gettext_lazy("China")),
    ("HR", gettext_lazy("Croatia")),
    ("CY", gettext_lazy("Cyprus")),
    ("CZ", gettext_lazy("Czechia")),
    ("DK", gettext_lazy("Denmark")),
    ("EE", gettext_lazy("Estonia")),
    ("FI", gettext_lazy("Finland")),
    ("FR", gettext_lazy("France")),
    ("GR", gettext_lazy("Greece")),
    ("HU", gettext_lazy("Hungary")),
    ("IS", gettext_lazy("Iceland")),
    ("IN", gettext_lazy("India")),
    ("ID", gettext_lazy("Indonesia")),
    ("IE", gettext_lazy("Ireland")),
    ("IL", gettext_lazy("Israel")),
    ("IT", gettext_lazy("Italy")),
    ("JP", gettext_lazy("Japan")),
    ("LV", gettext_lazy("Latvia")),
    ("LT", gettext_lazy("Lithuania")),
    ("LU", gettext_lazy("Luxembourg")),
    ("MT", gettext_lazy("Malta")),
    ("NO", gettext_lazy("Norway")),
    ("PL", gettext_lazy("Poland")),
    ("PT", gettext_lazy("Portugal")),
    ("RO", gettext_lazy("Romania")),
    ("SG", gettext_lazy("Singapore")),
    ("SK", gettext_lazy("Slovakia")),
    ("SI", gettext_lazy("Slovenia")),
    ("ZA", gettext_lazy("South Africa")),
    ("KR", gettext_lazy("South Korea")),
    ("ES", gettext_lazy("Spain")),
    ("SR", gettext_lazy("Suriname")),
    ("SE", gettext_lazy("Sweden")),
    ("CH", gettext_lazy("Switzerland")),
    ("TW", gettext_lazy("Taiwan")),
    ("TR", gettext_lazy("Türkiye")),
    ("UA", gettext_lazy("Ukraine")),
    ("GB", gettext_lazy("United Kingdom")),
    ("US", gettext_lazy("United States")),
]
# PostNL gives out no letters that stood on uniforms in the war.
_DUTCH = re.compile(r"([1-9][0-9]{3})\s*(?!SA|SD|SS)([A-Z]{2})")


def normalised_postcode(text: str, country: str = HOME) -> str:
    """ "7522nb" as "7522 NB"; another country's in capitals. ValidationError in words for no Dutch one."""
    plain = " ".join(text.upper().split())
    if country != HOME or not plain:
        return plain
    found = _DUTCH.fullmatch(plain)
    if found is None:
        raise ValidationError(
            _("“%(text)s” is not a Dutch postcode, such as 7522 NB.") % {"text": text.strip()}
        )
    return f"{found[1]} {found[2]}"


def normalised_kvk_number(text: str) -> str:
    """Eight digits; spaces and dots do not matter. ValidationError for anything else."""
    digits = re.sub(r"[\s.]", "", text)
    if digits and not re.fullmatch(r"[0-9]{8}", digits):
        raise NO_KVK_NUMBER.invalid()
    return digits
