"""Gathers the models of the nouns for Django."""

from crm.accounts.models import ApiToken, User
from crm.bodies.models import Body, Seat, SeatHolder
from crm.bulk.models import BulkAction, BulkActionRow
from crm.contacts.models import Affiliation, AttendedKind, Contact, ContactPoint
from crm.contacts.search_documents import SearchDocument
from crm.duplicates.models import DuplicatePair, Merge
from crm.imports.models import ImportBatch, ImportFilePart, ImportLayout, ImportRow
from crm.links.models import Link
from crm.organisations.models import Organisation, OrganisationAlias, OrganisationSector
from crm.preferences.models import ConsentRecord, Preference, Suppression
from crm.provenance.models import Provenance
from crm.segments.models import Segment
from crm.themes.models import Tag, Theme
from crm.timeline.models import TimelineEntry

__all__ = [
    "Affiliation",
    "ApiToken",
    "AttendedKind",
    "Body",
    "BulkAction",
    "BulkActionRow",
    "ConsentRecord",
    "Contact",
    "ContactPoint",
    "DuplicatePair",
    "ImportBatch",
    "ImportFilePart",
    "ImportLayout",
    "ImportRow",
    "Link",
    "Merge",
    "Organisation",
    "OrganisationAlias",
    "OrganisationSector",
    "Preference",
    "Provenance",
    "SearchDocument",
    "Seat",
    "SeatHolder",
    "Segment",
    "Suppression",
    "Tag",
    "Theme",
    "TimelineEntry",
    "User",
]
