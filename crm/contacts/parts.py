"""What belongs to a contact, of the contact's own noun, and what merging two of them means."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.base.parts import Journal, Whole, declare, declare_whole
from crm.contacts.models import Affiliation, Contact, ContactPoint
from crm.contacts.search_documents import SearchDocument
from crm.contacts.services import NAME_FIELDS


def _point(journal: Journal, there: ContactPoint, coming: ContactPoint, kept: dict[str, int]) -> None:
    if (there.kind, there.value) != (coming.kind, coming.value):
        journal.change(coming, preferred=False, **kept)
        return
    if there.state == ContactPoint.State.OK:  # it bounces for the one as well as for the other
        journal.change(there, state=coming.state)
    journal.remove(coming)


def _nothing(journal: Journal, kept: Contact, gone: Contact) -> None:
    """People are no part of each other."""


def _settle(journal: Journal, kept: Contact, gone: Contact, old_name: str) -> None:
    """The latest day of which a spreadsheet told, and what save() would derive from the names."""
    days = [day for day in (kept.told_heard_on, gone.told_heard_on) if day]
    again = Contact.objects.get(pk=kept.pk)
    again.set_keys()
    journal.change(
        kept, told_heard_on=max(days, default=None), sort_key=again.sort_key, surname_key=again.surname_key
    )


declare_whole(Whole(Contact, (*NAME_FIELDS, "external_id"), _nothing, _settle))
declare(ContactPoint, "contact", held=True, history=True, clash=_point, called=_("addresses and numbers"))
declare(Affiliation, "contact", held=True, history=True, called=_("functions of people"), page="contact")
declare(Affiliation, "organisation", called=_("functions of people"), page="contact")
_themes: Any = Contact.themes.through
_tags: Any = Contact.tags.through
declare(_themes, "contact", held=True, history=True, called=_("themes"))
declare(_tags, "contact", held=True, history=True, called=_("tags"))
declare(SearchDocument, "contact", derived=True)
