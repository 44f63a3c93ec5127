"""What a row says, with all its keys while it is worked with and only the filled ones where it is stored."""

from typing import Any

from crm.contacts.models import Affiliation
from crm.imports.kinds import KINDS

Values = dict[str, Any]

# Of an organisation, what a row fills in where nothing is known.
DETAILS = ("external_id", "street", "house_number", "postcode", "city", "kvk_number", "website")
_CONTACT: Values = {
    **dict.fromkeys(("given_name", "initials", "infix", "family_name", "form_of_address"), ""),
    **dict.fromkeys(("titles_before", "titles_after", "organisation", "external_id"), ""),
    **dict.fromkeys(Affiliation.TEXTS, ""),
    **dict.fromkeys(("email", "mobile", "phone", "sector", "last_spoken"), ""),
    **dict.fromkeys(("may_invite", "newsletter"), None),
}
_ORGANISATION: Values = dict.fromkeys(("name", "sector", "country", *DETAILS), "")


def blank_contact() -> Values:
    return {**_CONTACT, "themes": [], "tags": []}


def blank_organisation() -> Values:
    return {**_ORGANISATION, "aliases": [], "tags": []}


def compact(values: Values) -> Values:
    """`values` without what is empty; a "no" is not empty."""
    return {name: value for name, value in values.items() if value or value is False}


def whole(kind: str, stored: Values) -> Values:
    """What compact() made small, with every key again."""
    return {**KINDS[kind].blank(), **stored}
