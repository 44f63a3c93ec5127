"""Recording what a person wants: the only writer of preferences, consent records and suppressions."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from crm.accounts.models import User
from crm.base import bulk_rows
from crm.base.bulk_rows import one_by_one
from crm.base.happenings import Happening, tell
from crm.contacts.models import Contact
from crm.preferences.happenings import TAKEN_BACK, answer_kind
from crm.preferences.models import (
    ONLY_AFTER_A_YES,
    Channel,
    ConsentRecord,
    ConsentRecordQuerySet,
    LegalBasis,
    Preference,
    Purpose,
    Source,
    Suppression,
)
from crm.preferences.rules import BASIS_WHEN_NEVER_ASKED, address_digest


@dataclass(frozen=True)
class Answer:
    """An answer as it stood, to be put back."""

    allowed: bool
    legal_basis: str
    since: datetime

    @classmethod
    def of(cls, preference: Preference) -> Answer:
        return cls(preference.allowed, preference.legal_basis, preference.since)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Answer:
        return cls(data["allowed"], data["legal_basis"], datetime.fromisoformat(data["since"]))

    def as_json(self) -> dict[str, Any]:
        return {
            "allowed": self.allowed,
            "legal_basis": self.legal_basis,
            "since": self.since.isoformat(),
        }


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
        tell(Happening(answer_kind(purpose, allowed), [contact.pk], at=moment, by=recorded_by))
    return preference


@transaction.atomic
def restore_answer(
    *,
    contact: Contact,
    purpose: str,
    earlier: Answer | None,
    source_detail: str = "",
    recorded_by: User | None = None,
    channel: str = Channel.EMAIL,
) -> None:
    """Let an earlier answer stand again, or that there was none; the ledger gets a line that says so.

    Without an earlier one that line holds what never having been asked amounts to.
    """
    allowed = earlier.allowed if earlier else purpose not in ONLY_AFTER_A_YES
    basis = earlier.legal_basis if earlier else BASIS_WHEN_NEVER_ASKED
    ConsentRecord.objects.create(
        contact=contact,
        purpose=purpose,
        channel=channel,
        allowed=allowed,
        legal_basis=basis,
        source=Source.UNDO,
        source_detail=source_detail[:300],
        recorded_by=recorded_by,
        recorded_at=timezone.now(),
    )
    standing = Preference.objects.filter(contact=contact, purpose=purpose, channel=channel)
    if earlier:
        standing.update(allowed=allowed, legal_basis=basis, since=earlier.since)
    else:
        standing.delete()
    words = {"by": str(recorded_by or "")}
    tell(Happening(TAKEN_BACK, [contact.pk], words=words, by=recorded_by))


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


@dataclass(frozen=True, slots=True)
class ImportedAnswer:
    """What row `row` of a file says of one person and purpose; `wording` and `detail` as in the ledger."""

    contact: int
    purpose: str
    allowed: bool
    wording: str
    detail: str
    row: int


def record_imported(
    *,
    answers: Sequence[ImportedAnswer],
    newcomers: Collection[int],
    recorded_by: User | None,
    at: datetime,
) -> None:
    """record_consent() for a piece of an import at once; the caller holds the contacts.

    The ledger gets each answer that changes what stands: the first "yes", and the first "no". `newcomers`
    are contacts of whom no answer is known, so none is asked for.
    """
    known = _answers_of({one.contact for one in answers} - set(newcomers))
    standing = {place: allowed for place, (allowed, _pk) in known.items()}
    heard = []
    for one in answers:
        place = (one.contact, one.purpose)
        now = standing.get(place)
        if now is None or (now and not one.allowed):
            standing[place] = one.allowed
            heard.append(one)
    _write_imported(heard, known, recorded_by, at)


def _answers_of(contacts: set[int]) -> dict[tuple[int, str], tuple[Any, ...]]:
    """(allowed, primary key) of what stands about e-mail, by contact and purpose."""
    if not contacts:
        return {}
    there = Preference.objects.filter(contact__in=one_by_one(sorted(contacts), "default"))
    rows = there.values_list("contact", "purpose", "allowed", "pk", "channel")
    return {(row[0], row[1]): row[2:4] for row in rows if row[4] == Channel.EMAIL}


def _write_imported(
    answers: Sequence[ImportedAnswer],
    known: Mapping[tuple[int, str], tuple[Any, ...]],
    recorded_by: User | None,
    at: datetime,
) -> None:
    """Append `answers` to the ledger in their order; the last one about a thing is the one in force."""
    same = {"channel": Channel.EMAIL, "legal_basis": LegalBasis.CONSENT}
    bulk_rows.insert(
        ConsentRecord,
        ("contact_id", "purpose", "allowed", "wording", "source_detail", "import_row_id"),
        [(one.contact, one.purpose, one.allowed, one.wording, one.detail[:300], one.row) for one in answers],
        source=Source.IMPORT,
        recorded_by=recorded_by,
        recorded_at=at,
        **same,
    )
    last = {(one.contact, one.purpose): one.allowed for one in answers}
    rows = [(*place, allowed) for place, allowed in last.items() if place not in known]
    bulk_rows.insert(Preference, ("contact_id", "purpose", "allowed"), rows, since=at, **same)
    changed = [known[place][1] for place in last if place in known]
    Preference.objects.filter(pk__in=changed).update(allowed=False, legal_basis=LegalBasis.CONSENT, since=at)


def take_back_imported(
    *, contact: int, purpose: str, before: bool | None, row: int, detail: str, recorded_by: User | None
) -> bool:
    """Put the answer in force back to what it was before row `row` of an import (its primary key) spoke.

    False when it does not rest on that row, because somebody or another file spoke since. The ledger keeps
    that the file said so, and gets a line that it was taken back.
    """
    about: dict[str, Any] = {"contact_id": contact, "purpose": purpose, "channel": Channel.EMAIL}
    last, *earlier = [*_not_taken_back(ConsentRecord.objects.filter(**about)), None]
    if last is None or last.import_row_id != row:
        return False
    told = earlier[0] or last
    allowed = purpose not in ONLY_AFTER_A_YES if before is None else before
    basis = BASIS_WHEN_NEVER_ASKED if before is None else told.legal_basis
    ConsentRecord.objects.create(
        **about,
        allowed=allowed,
        legal_basis=basis,
        source=Source.UNDO,
        source_detail=detail[:300],
        import_row_id=row,
        recorded_by=recorded_by,
        recorded_at=timezone.now(),
    )
    standing = Preference.objects.filter(**about)
    if before is None:
        standing.delete()
    else:
        standing.update(allowed=before, legal_basis=basis, since=told.recorded_at)
    return True


def _not_taken_back(records: ConsentRecordQuerySet) -> list[ConsentRecord]:
    """The lines that still say something, the newest first: without rows of imports that were undone."""
    lines = list(records)
    undone = {line.import_row_id for line in lines if line.source == Source.UNDO} - {None}
    return [line for line in lines if line.import_row_id not in undone]


def suppress(*, address: str, reason: str) -> Suppression:
    """Never mail `address` again, whoever it belongs to and whatever a later import says."""
    suppression, _ = Suppression.objects.get_or_create(
        digest=address_digest(address), defaults={"reason": reason}
    )
    return suppression
