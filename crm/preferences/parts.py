"""What belongs to a contact of what they want to receive."""

from django.utils.translation import gettext_lazy as _

from crm.base.parts import Journal, declare
from crm.preferences.models import ConsentRecord, Preference


def _preference(journal: Journal, there: Preference, coming: Preference, kept: dict[str, int]) -> None:
    """A "no" to either is a "no"; the ledger keeps all that was said."""
    if there.allowed and not coming.allowed:
        journal.change(there, allowed=False, legal_basis=coming.legal_basis, since=coming.since)
    journal.remove(coming)


declare(Preference, "contact", held=True, clash=_preference, called=_("answers about mail in force"))
# A "no" may not be forgotten because somebody tidies up.
declare(ConsentRecord, "contact", imported=True, called=_("answers about mail, in the ledger"))
