"""Recording what a person wants: the only writer of preferences, consent records and suppressions."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from crm.accounts.models import User
from crm.contacts.models import Contact
from crm.preferences.models import (
    Channel,
    ConsentRecord,
    LegalBasis,
    Preference,
    Purpose,
    Source,
    Suppression,
)
from crm.preferences.rules import address_digest
from crm.preferences.timeline import kind_name
from crm.timeline.services import record


@transaction.atomic
def record_consent(
    *,
    contact: Contact,
    purpose: str,
    allowed: bool,
    source: str,
    channel: str = Channel.EMAIL,
    legal_basis: str = LegalBasis.CONSENT,
    wording: str = "",
    source_detail: str = "",
    recorded_by: User | None = None,
    at: datetime | None = None,
) -> Preference:
    """Append to the ledger and return the answer now in force.

    An import never turns a "no" into a "yes" and adds nothing when it says what is known already.
    """
    moment = at or timezone.now()
    Contact.objects.select_for_update().get(pk=contact.pk)  # one writer at a time per person
    current = Preference.objects.filter(contact=contact, purpose=purpose, channel=channel).first()
    if source == Source.IMPORT and current and (not current.allowed or current.allowed == allowed):
        return current
    ConsentRecord.objects.create(
        contact=contact,
        purpose=purpose,
        channel=channel,
        allowed=allowed,
        legal_basis=legal_basis,
        wording=wording,
        source=source,
        source_detail=source_detail[:300],
        recorded_by=recorded_by,
        recorded_at=moment,
    )
    if current and current.allowed == allowed:
        return current
    preference, _ = Preference.objects.update_or_create(
        contact=contact,
        purpose=purpose,
        channel=channel,
        defaults={"allowed": allowed, "legal_basis": legal_basis, "since": moment},
    )
    if source != Source.IMPORT:  # an import has one timeline entry of its own per contact
        record(kind_name(purpose, allowed), at=moment, contact=contact, actor=recorded_by)
    return preference


@transaction.atomic
def record_answers(
    *,
    contact: Contact,
    answers: Mapping[str, bool],
    source: str,
    source_detail: str = "",
    recorded_by: User | None = None,
) -> None:
    """Record what one person said about several purposes at once, in the words that stand beside each."""
    for purpose, allowed in answers.items():
        record_consent(
            contact=contact,
            purpose=purpose,
            allowed=allowed,
            source=source,
            wording=str(Purpose(purpose).label),
            source_detail=source_detail,
            recorded_by=recorded_by,
        )


def suppress(*, address: str, reason: str) -> Suppression:
    """Never mail `address` again, whoever it belongs to and whatever a later import says."""
    suppression, _ = Suppression.objects.get_or_create(
        digest=address_digest(address), defaults={"reason": reason}
    )
    return suppression
