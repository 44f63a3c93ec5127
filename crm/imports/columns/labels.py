"""The fields of a row in the words of the interface."""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.contacts.models import Affiliation
from crm.imports.kinds import KINDS

FIELD_LABELS: dict[str, Promise | str] = {
    "kwartet_number": _("Kwartet number"),
    "full_name": _("name"),
    "given_name": _("given name"),
    "middle": _("second given names"),
    "initials": _("initials"),
    "infix": _("infix"),
    "family_name": _("family name"),
    "form_of_address": _("form of address"),
    "gender": _("form of address"),
    "titles_before": _("titles before the name"),
    "titles_after": _("titles after the name"),
    "language": _("language"),
    "email": _("e-mail"),
    "mobile": _("mobile"),
    "phone": _("telephone"),
    "organisation": _("organisation"),
    **{field.name: field.verbose_name for field in Affiliation.text_fields()},
    "sector": _("sector"),
    "themes": _("themes"),
    "tags": _("tags"),
    "categories": _("themes and tags"),
    "sector_mark": _("a mark for one of the four O's"),
    "theme_mark": _("a mark for a theme"),
    "may_invite": _("may be invited"),
    "not_invite": _("may be invited"),
    "newsletter": _("newsletter"),
    "not_newsletter": _("newsletter"),
    "last_spoken": _("last heard"),
    "name": _("name"),
    "external_id": _("code elsewhere"),
    "code": _("code elsewhere"),
    "aliases": _("aliases"),
    "alias": _("aliases"),
    "opt_out": _("opt-out"),
    "street": _("street"),
    "house_number": _("house number"),
    "addition": _("house number"),
    "postcode": _("postcode"),
    "city": _("city"),
    "country": _("country"),
    "address": _("address"),
    "website": _("website"),
    "kvk_number": _("KvK number"),
}


def label_of(field: str) -> Promise | str:
    """As a kind of rows calls a field that only it has, else as all do."""
    own = (kind.fields[field] for kind in KINDS.values() if field in kind.fields)
    return next(own, FIELD_LABELS.get(field, field))


def field_labels(fields: Iterable[str]) -> str:
    return ", ".join(str(label_of(field)) for field in fields)
