"""Addresses and numbers in the one way in which they are kept."""

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from crm.base.text import visible
from crm.contacts.models import Contact, ContactPoint


def normalised(kind: str, text: str) -> str:
    """An e-mail address in lower case, a telephone number in E.164; ValidationError in words for neither."""
    return _email(text) if kind == ContactPoint.Kind.EMAIL else _number(text)


def shown_number(value: str) -> str:
    """ "+31535550142" as people write it: "053 555 0142"; another country's with its code."""
    try:
        number = phonenumbers.parse(value, "NL")
    except phonenumbers.NumberParseException:
        return value
    styles = phonenumbers.PhoneNumberFormat
    style = styles.NATIONAL if number.country_code == 31 else styles.INTERNATIONAL
    return phonenumbers.format_number(number, style)


def _email(text: str) -> str:
    address = visible(text).strip().lower()
    try:
        validate_email(address)
    except ValidationError as error:
        raise ValidationError(_("“%(text)s” is not an e-mail address.") % {"text": text}) from error
    return address


def _number(text: str) -> str:
    problem = ValidationError(_("“%(text)s” is not a telephone number.") % {"text": text})
    try:
        number = phonenumbers.parse(visible(text), "NL")
    except phonenumbers.NumberParseException as error:
        raise problem from error
    if not phonenumbers.is_possible_number(number):
        raise problem
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def shown_points(contact: Contact) -> list[tuple[ContactPoint, str]]:
    """How to reach this person, each with its value as people write it."""
    return [
        (point, point.value if point.kind == ContactPoint.Kind.EMAIL else shown_number(point.value))
        for point in contact.contact_points.all()
    ]
