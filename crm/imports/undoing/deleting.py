"""Whether what an import brought in may go again, and letting it go in a few statements."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from crm.base.happenings import about
from crm.base.parts import used_among
from crm.contacts.models import Affiliation, Contact, ContactPoint
from crm.contacts.search_documents import SearchDocument
from crm.contacts.services import OWN as OWN_OF_CONTACTS
from crm.imports.happenings import BY_IMPORTS
from crm.imports.models import ImportBatch
from crm.links.models import Link
from crm.organisations.models import Organisation, OrganisationAlias, OrganisationSector
from crm.organisations.services import OWN as OWN_OF_ORGANISATIONS
from crm.preferences.models import ConsentRecord, Preference, Source
from crm.provenance.models import Provenance
from crm.timeline.models import TimelineEntry

_HELD: tuple[Any, ...] = (SearchDocument, TimelineEntry, Preference, ConsentRecord, Provenance, Link)
_OF_ORGANISATIONS: tuple[Any, ...] = (OrganisationSector, OrganisationAlias, Organisation.tags.through)
_WITH_HISTORY: tuple[Any, ...] = (ContactPoint, Affiliation, Contact.themes.through, Contact.tags.through)


def in_use(batch: ImportBatch, contacts: Sequence[int]) -> dict[int, str]:
    """Those of whom more is known than an import tells: seats, mail, notes, answers; in words."""
    used = used_among(Contact, contacts, own={*OWN_OF_CONTACTS, ConsentRecord, Provenance})
    said = ConsentRecord.objects.filter(contact__in=contacts).exclude(source__in=[Source.IMPORT, Source.UNDO])
    for contact in said.order_by().values_list("contact", flat=True).distinct():
        used.setdefault(contact, _("an answer about mail"))
    noted = TimelineEntry.objects.filter(contact__in=contacts).exclude(kind__in=BY_IMPORTS)
    for contact in noted.order_by().values_list("contact", flat=True).distinct():
        used.setdefault(contact, _("something on the timeline"))
    other = TimelineEntry.objects.filter(contact__in=contacts).exclude(_about(batch))
    for contact in other.order_by().values_list("contact", flat=True).distinct():
        used.setdefault(contact, _("another import"))
    return used


def _about(batch: ImportBatch) -> Q:
    """Entries that this import left."""
    thing = about(batch)
    return Q(about_kind=thing.kind, about_key=thing.key)


def delete_people(contacts: Sequence[int]) -> None:
    """With all that is theirs, also their history: nothing of them stays behind."""
    for model in _HELD:
        model.objects.filter(contact__in=contacts)._raw_delete("default")
    for model in _WITH_HISTORY:
        model.objects.filter(contact__in=contacts)._raw_delete("default")
        model.history.filter(contact__in=contacts)._raw_delete("default")
    Contact.objects.filter(pk__in=contacts).delete()


def delete_organisations(batch: ImportBatch, organisations: Sequence[int]) -> dict[int, str]:
    """Delete those that are not in use; why the others stay, in words."""
    there = set(Organisation.objects.filter(pk__in=organisations).values_list("pk", flat=True))
    kept = used_among(Organisation, organisations, own=OWN_OF_ORGANISATIONS)
    noted = TimelineEntry.objects.filter(organisation__in=organisations).exclude(_about(batch))
    for number in noted.order_by().values_list("organisation", flat=True).distinct():
        kept.setdefault(number, _("something on the timeline"))
    free = [number for number in there if number not in kept]
    TimelineEntry.objects.filter(organisation__in=free)._raw_delete("default")
    for model in _OF_ORGANISATIONS:
        model.objects.filter(organisation__in=free)._raw_delete("default")
        model.history.filter(organisation__in=free)._raw_delete("default")
    Organisation.objects.filter(pk__in=free).delete()
    return {number: words for number, words in kept.items() if number in there}
