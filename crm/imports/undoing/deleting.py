"""Whether what an import brought in may go again, and letting it go in a few statements."""

from collections.abc import Sequence

from django.db.models import Q

from crm.base.happenings import about
from crm.base.parts import delete_with_parts, used_among
from crm.contacts.models import Contact
from crm.imports.happenings import BY_IMPORTS
from crm.imports.models import ImportBatch
from crm.imports.said import BY_ANSWER, BY_IMPORT, BY_TIMELINE
from crm.organisations.models import Organisation
from crm.preferences.models import ConsentRecord, Source
from crm.timeline.models import TimelineEntry


def in_use(batch: ImportBatch, contacts: Sequence[int]) -> dict[int, str]:
    """Those of whom more is known than an import tells: seats, mail, notes, answers. For IN_USE."""
    used = {contact: part.model._meta.label_lower for contact, part in used_among(Contact, contacts).items()}
    said = ConsentRecord.objects.filter(contact__in=contacts).exclude(source__in=[Source.IMPORT, Source.UNDO])
    for contact in said.order_by().values_list("contact", flat=True).distinct():
        used.setdefault(contact, BY_ANSWER)
    noted = TimelineEntry.objects.filter(contact__in=contacts).exclude(kind__in=BY_IMPORTS)
    for contact in noted.order_by().values_list("contact", flat=True).distinct():
        used.setdefault(contact, BY_TIMELINE)
    other = TimelineEntry.objects.filter(contact__in=contacts).exclude(_about(batch))
    for contact in other.order_by().values_list("contact", flat=True).distinct():
        used.setdefault(contact, BY_IMPORT)
    return used


def _about(batch: ImportBatch) -> Q:
    """Entries that this import left."""
    thing = about(batch)
    return Q(about_kind=thing.kind, about_key=thing.key)


def delete_organisations(batch: ImportBatch, organisations: Sequence[int]) -> dict[int, str]:
    """Delete those that are not in use; why the others stay, for IN_USE."""
    there = set(Organisation.objects.filter(pk__in=organisations).values_list("pk", flat=True))
    used = used_among(Organisation, organisations)
    kept = {number: part.model._meta.label_lower for number, part in used.items()}
    noted = TimelineEntry.objects.filter(organisation__in=organisations).exclude(_about(batch))
    for number in noted.order_by().values_list("organisation", flat=True).distinct():
        kept.setdefault(number, BY_TIMELINE)
    delete_with_parts(Organisation, [number for number in there if number not in kept])
    return {number: uses for number, uses in kept.items() if number in there}
