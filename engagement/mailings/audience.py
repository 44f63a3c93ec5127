"""Who gets a mailing: frozen with the reason per person, and what somebody decides about one of them."""

from collections.abc import Collection, Iterable, Mapping
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import get_language

from crm.base.bulk_rows import one_by_one
from crm.contacts.models import Affiliation, Contact, ContactPoint
from crm.preferences.models import ONLY_AFTER_A_YES
from crm.preferences.rules import address_digest, may_receive, suppressed_digests
from engagement.mailings.kinds import KINDS, MessageKind
from engagement.mailings.mime import is_usable
from engagement.mailings.models import Mailing, Message, Reason, Recipient

BY_HAND = "by_hand"


class AudienceIsFixed(Exception):
    """Messages went out already, so who gets them cannot be changed."""


class AudienceMoved(Exception):
    """Others would get it than those whose number was shown."""


def fingerprint(contacts: Iterable[int]) -> str:
    """Of who gets a mailing: a page carries it along, so that what is saved is what it showed."""
    return sha256(" ".join(map(str, sorted(contacts))).encode()).hexdigest()


def speaks_for(contacts: QuerySet[Any]) -> dict[int, set[str]]:
    """The O's that each of these contacts (their primary keys) speaks for now."""
    jobs = Affiliation.objects.current().filter(contact__in=contacts)
    found: dict[int, set[str]] = {}
    rows = jobs.order_by().values_list("contact", "sector", "organisation__sectors__sector")
    for contact, own, inherited in rows:
        if code := own or inherited:
            found.setdefault(contact, set()).add(code)
    return found


def lock_open(mailing: Mailing) -> Mailing:
    """The mailing as it is now, locked; raises AudienceIsFixed once it was started."""
    found = Mailing.objects.open().select_for_update().filter(pk=mailing.pk).first()
    if found is None:
        raise AudienceIsFixed
    return found


def people_in(numbers: Iterable[int]) -> list[Contact]:
    """These people with what a reason depends on, in a fixed number of queries."""
    found = Contact.objects.all()
    found = found.filter(pk__in=one_by_one(list(numbers), found.db))
    return list(found.prefetch_related("contact_points", "preferences"))


def reasons_for(people: Iterable[Contact], kind: MessageKind, about_id: int) -> dict[int, Reason]:
    """Why each of `people` gets a message of this kind or not (prefetch contact_points and preferences)."""
    people = list(people)
    suppressed = suppressed_digests(person.email() for person in people if person.email())
    taken = set(
        Message.objects.filter(kind=kind.name, about_id=about_id).values_list("contact_id", flat=True)
    )
    return {person.pk: _reason(person, kind, suppressed, taken) for person in people}


def _reason(person: Contact, kind: MessageKind, suppressed: set[str], taken: set[int]) -> Reason:
    address = person.email()
    if person.pk in taken:
        return Reason.ALREADY
    if not may_receive(person, kind.purpose):
        return Reason.NEVER_SAID_YES if kind.purpose in ONLY_AFTER_A_YES else Reason.SAID_NO
    if not address:
        known = any(p.kind == ContactPoint.Kind.EMAIL for p in person.contact_points.all())
        return Reason.BAD_ADDRESS if known else Reason.NO_ADDRESS
    if not is_usable(address):
        return Reason.UNUSABLE
    if address_digest(address) in suppressed:
        return Reason.SUPPRESSED
    return Reason.IN_AUDIENCE


@transaction.atomic
def freeze(*, mailing: Mailing, reasons: Mapping[int, Reason], why: Mapping[int, dict[str, Any]]) -> None:
    """Write down who gets the mailing and who does not, by contact; what stood there before goes."""
    mailing.recipients.all().delete()
    Recipient.objects.bulk_create(
        (
            Recipient(
                mailing=mailing,
                contact_id=contact,
                included=reason == Reason.IN_AUDIENCE,
                reason=reason,
                why=why.get(contact, {}),
            )
            for contact, reason in reasons.items()
        ),
        batch_size=1000,
    )


@transaction.atomic
def leave_out(*, mailing: Mailing, recipients: Collection[int]) -> int:
    """Skip these recipients, by primary key, whatever chose them; how many that changed.

    Raises AudienceIsFixed.
    """
    rows = list(lock_open(mailing).recipients.filter(pk__in=recipients, included=True))
    for row in rows:
        row.included, row.reason, row.why = False, Reason.LEFT_OUT, {**row.why, BY_HAND: True}
    return Recipient.objects.bulk_update(rows, ["included", "reason", "why"], batch_size=500)


@transaction.atomic
def take_in(*, mailing: Mailing, recipient: int) -> Recipient | None:
    """Let somebody who was left out have it after all, if the rules allow that; None if they were not.

    Raises AudienceIsFixed.
    """
    mailing = lock_open(mailing)
    row = mailing.recipients.filter(pk=recipient, reason=Reason.LEFT_OUT).first()
    if row is None:
        return None
    reasons = reasons_for(people_in([row.contact_id]), KINDS[mailing.kind], mailing.about_id)
    row.reason = reasons[row.contact_id]
    row.included, row.why = row.reason == Reason.IN_AUDIENCE, {**row.why, BY_HAND: True}
    row.save(update_fields=["included", "reason", "why"])
    return row


def decided_by_hand(mailing: Mailing) -> dict[int, bool]:
    """Whom somebody left out (False) or took in again (True), by contact: the next audience keeps to that."""
    rows = mailing.recipients.filter(**{f"why__{BY_HAND}": True}).values_list("contact", "reason")
    return {contact: reason != Reason.LEFT_OUT for contact, reason in rows}


def words_of(mailing: Mailing, recipient: Recipient) -> list[str]:
    """By which parts of the audience this person was chosen, or left out, in the reader's language."""
    names = mailing.audience.get("names", {})
    parts = recipient.why.get("but" if recipient.reason == Reason.LEFT_OUT else "parts", [])
    language = (get_language() or "nl")[:2]
    return [names[part].get(language) or names[part]["nl"] for part in parts if part in names]
