"""Gathers the models of the nouns for Django."""

from crm.accounts.models import ApiToken, User
from crm.base.once import TakenForm
from crm.bodies.models import Body, Seat, SeatHolder
from crm.contacts.models import Affiliation, Contact, ContactPoint
from crm.contacts.search_documents import SearchDocument
from crm.directory.bulk.models import BulkAction, BulkActionRow
from crm.directory.segments.models import Segment
from crm.duplicates.models import DuplicatePair, Merge
from crm.imports.models import ImportBatch, ImportFilePart, ImportLayout, ImportRow
from crm.links.models import Link
from crm.organisations.models import Organisation, OrganisationAlias, OrganisationSector
from crm.preferences.models import ConsentRecord, Preference, Suppression
from crm.provenance.models import Provenance
from crm.texts.models import TextDocument
from crm.themes.models import Tag, Theme
from crm.timeline.models import TimelineEntry

__all__ = [
    "Affiliation",
    "ApiToken",
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
    "TakenForm",
    "TextDocument",
    "Theme",
    "TimelineEntry",
    "User",
]
