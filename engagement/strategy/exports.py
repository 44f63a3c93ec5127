"""The tree as a table that a spreadsheet program opens; imported/ reads it back as the same."""

from collections.abc import Callable
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.base.tables import Cell, Table, made_on
from crm.contacts.models import Contact
from engagement.strategy.models import StrategyItem

Read = Callable[[StrategyItem], Cell]


def _word(name: str) -> Promise | str:
    field: Any = StrategyItem._meta.get_field(name)
    label: Promise | str = field.verbose_name
    return label


# What a row says of a part, by what a list calls it: its heading, and its cell.
COLUMNS: dict[str, tuple[Promise | str, Read]] = {
    "item_code": (gettext_lazy("code in the strategy"), lambda item: item.code),
    "title_nl": (_word("title_nl"), lambda item: item.title_nl),
    "title_en": (_word("title_en"), lambda item: item.title_en),
    "text_nl": (_word("text_nl"), lambda item: item.text_nl),
    "text_en": (_word("text_en"), lambda item: item.text_en),
    "item_owner": (_word("owner"), lambda item: str(item.owner or "")),
    "item_contact": (_word("owner_contact"), lambda item: _named(item.owner_contact)),
    "contact_number": (
        gettext_lazy("Kwartet number of their contact"),
        lambda item: str(item.owner_contact_id or ""),
    ),
    "item_aspect": (
        gettext_lazy("hardware or software"),
        lambda item: str(item.get_aspect_display()) if item.aspect else "",
    ),
    "item_state": (gettext_lazy("state of the part"), lambda item: str(item.get_state_display())),
    "progress": (_word("progress"), lambda item: str(item.progress)),
    "stalled_since": (_word("stalled_since"), lambda item: item.stalled_since or ""),
    "starts_on": (gettext_lazy("runs from"), lambda item: item.starts_on or ""),
    "ends_on": (gettext_lazy("runs until"), lambda item: item.ends_on or ""),
    "item_key": (_word("uuid"), lambda item: str(item.uuid)),
}


def _named(contact: Contact | None) -> str:
    """With the address by which a list that comes back knows who it is."""
    if contact is None:
        return ""
    address = contact.email()
    return f"{contact} <{address}>" if address else str(contact)


def tree_table() -> Table:
    items = StrategyItem.objects.select_related("owner", "owner_contact")
    items = items.prefetch_related("owner_contact__contact_points")
    rows = ([read(item) for _heading, read in COLUMNS.values()] for item in items)
    return Table(_("Strategy"), [str(heading) for heading, _read in COLUMNS.values()], rows, [made_on()])
