"""What keeps a speaker from being told what became of what they said, seen by whoever is about to send."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from crm.contacts import names
from crm.contacts.models import Contact
from engagement.evidence.models import Evidence
from engagement.feedback.becoming import DECIDED, Told
from engagement.mailings.models import Reason


def problems(contact: Contact, told: Sequence[Told], reason: Reason) -> list[str]:
    """In the reader's language; empty when they may be told. `reason` says why they may not be mailed."""
    found = [] if reason == Reason.IN_AUDIENCE else [str(reason.label)]
    if not any(one.outcome in DECIDED for one in told):
        return [*found, _("nothing was decided about what they said")]
    english = contact.language == "en"
    decided = [became.evidence for one in told for became in one.became if became.evidence.outcome in DECIDED]
    found += [_unexplained(one, english) for one in decided if not _reason(one, english)]
    try:
        names.salutation(contact, contact.language, contact.formality)
    except names.UnresolvedSalutation:
        found.append(_("the salutation does not resolve"))
    return found


def _reason(evidence: Evidence, english: bool) -> str:
    return evidence.reason_en if english else evidence.reason_nl


def _unexplained(evidence: Evidence, english: bool) -> str:
    words = _("no reason in English at %(code)s") if english else _("no reason in Dutch at %(code)s")
    return words % {"code": evidence.item.code}
