"""What is allowed, in words: one line per purpose."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from crm.contacts.models import Contact, ContactPoint
from crm.preferences.models import ONLY_AFTER_A_YES, LegalBasis, Purpose
from crm.preferences.rules import BASIS_WHEN_NEVER_ASKED, address_digest, standing


@dataclass(frozen=True)
class Line:
    """`allowed` is None for never asked; then `basis` says what that means."""

    purpose: str
    label: str
    allowed: bool | None
    since: datetime | None
    basis: str


def answers(contact: Contact) -> list[Line]:
    """One line for each purpose (prefetch `preferences`)."""
    return [_line(contact, Purpose(purpose)) for purpose in Purpose.values]


def said_permission(allowed: bool | None) -> tuple[str, str]:
    """How a yes, a no and never asked are drawn, and in a word."""
    if allowed is None:
        return "open", _("not asked yet")
    return ("yes", _("allowed")) if allowed else ("no", _("no"))


def _line(contact: Contact, purpose: Purpose) -> Line:
    answer = standing(contact, purpose)
    if answer is None:
        return Line(purpose.value, str(purpose.label), None, None, _meaning_of_silence(purpose))
    basis = str(LegalBasis(answer.legal_basis).label) if answer.allowed else ""
    return Line(purpose.value, str(purpose.label), answer.allowed, answer.since, basis)


def _meaning_of_silence(purpose: Purpose) -> str:
    if purpose in ONLY_AFTER_A_YES:
        return _("so not: only after a yes")
    if purpose in (Purpose.REMINDER, Purpose.SERVICE):
        return _("allowed for an event they are invited to")
    return _("allowed: %(basis)s") % {"basis": BASIS_WHEN_NEVER_ASKED.label}


def why_unreachable(contact: Contact, digests: set[str]) -> str:
    """Why no mail can reach this person, in words; "" when it can. `digests` are of suppressed addresses."""
    points = [point for point in contact.contact_points.all() if point.kind == ContactPoint.Kind.EMAIL]
    if not points:
        return _("no e-mail address")
    address = contact.email()
    if not address:
        return str(points[0].get_state_display())
    return _("asked never to be mailed") if address_digest(address) in digests else ""
