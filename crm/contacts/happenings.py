"""How changes to a contact, and differences in general, read on the timeline."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext_lazy as _

from crm.base.happenings import FOUND_BY, Kind, register, register_thing
from crm.base.sectors import Sector
from crm.contacts.models import Affiliation, Contact
from crm.organisations.models import Organisation

_FOUND_BY = frozenset({FOUND_BY})
CREATED = register(Kind("contact.created", "user-plus", "change", _("Added by %(by)s"), touches=_FOUND_BY))
CHANGED = register(Kind("contact.changed", "pencil", "change", _("Changed by %(by)s"), touches=_FOUND_BY))
register_thing("contact", Contact, capability="contacts.view")

_FIELDS = {
    field.name: field
    for model in (Affiliation, Organisation, Contact)
    for field in model._meta.concrete_fields
    if field.name not in {"id", "key"}
}
_WORDS = {
    "affiliations": _("functions"),
    "aliases": _("other names"),
    "email": _("e-mail"),
    "organisation": _("organisation"),
    "phone": _("telephone"),
    "sectors": _("O's"),
    "speaks_for": _("speaks for"),
    "tags": _("tags"),
    "themes": _("themes"),
}


def change_rows(diff: Mapping[str, Sequence[str]]) -> list[tuple[str, str, str]]:
    """The `diff` of an entry, {field: [old, new]}, as (field in words, old, new); codes become words."""
    return [(field_word(name), _value(name, old), _value(name, new)) for name, (old, new) in diff.items()]


def field_word(name: str) -> str:
    if name in _WORDS:
        return str(_WORDS[name])
    return str(_FIELDS[name].verbose_name) if name in _FIELDS else name


def _value(name: str, value: str) -> str:
    if name in ("sectors", "speaks_for"):
        return ", ".join(str(Sector(code).label) for code in value.split(", ") if code)
    choices = dict(_FIELDS[name].flatchoices) if name in _FIELDS else {}
    return str(choices.get(value, value))
