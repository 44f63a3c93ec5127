"""Contacts as vCard 4.0 (RFC 6350)."""

from collections.abc import Iterable

from icalendar.parser import Contentline, Contentlines

from crm.base.text import printable
from crm.contacts.models import Contact
from crm.contacts.names import full_name

LANGUAGES = {"nl": "nl", "en": "en"}


def vcards(contacts: Iterable[Contact]) -> bytes:
    """One card per contact, read with for_list(); CRLF line ends, UTF-8."""
    return b"".join(_card(contact) for contact in contacts)


def _card(contact: Contact) -> bytes:
    family = f"{contact.infix} {contact.family_name}".strip()
    first = contact.given_name or contact.initials
    name = ";".join(
        _escaped(part) for part in (family, first, "", contact.titles_before, contact.titles_after)
    )
    lines = [
        "BEGIN:VCARD",
        "VERSION:4.0",
        f"UID:kwartet-contact-{contact.pk}",
        f"FN:{_escaped(full_name(contact))}",
        f"N:{name}",
        f"LANG:{LANGUAGES[contact.language]}",
        f"REV:{contact.updated_at:%Y%m%dT%H%M%SZ}",
    ]
    for point in contact.contact_points.all():
        preferred = ";PREF=1" if point.preferred else ""
        if point.kind == "email":
            lines.append(f"EMAIL{preferred}:{_escaped(point.value)}")
        else:
            kind = "cell" if point.kind == "mobile" else "voice"
            lines.append(f"TEL;VALUE=uri;TYPE={kind}{preferred}:tel:{_escaped(point.value)}")
    for affiliation in contact.current_affiliations:
        units = filter(None, [affiliation.organisation.name, affiliation.department])
        lines.append(f"ORG:{';'.join(map(_escaped, units))}")
        lines += [f"TITLE:{_escaped(affiliation.job_title)}"] if affiliation.job_title else []
    categories = [theme.name_nl for theme in contact.themes.all()]
    categories += [tag.name for tag in contact.tags.all()]
    lines += [f"CATEGORIES:{','.join(map(_escaped, categories))}"] if categories else []
    # Both kinds of file fold their lines in the same way: RFC 6350 section 3.2, RFC 5545 section 3.1.
    return Contentlines(map(Contentline, [*lines, "END:VCARD"])).to_ical()


def _escaped(text: str) -> str:
    """RFC 6350 section 3.4."""
    plain = printable(text).replace("\\", "\\\\").replace(",", "\\,").replace(";", "\\;")
    return plain.replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "\\n")
