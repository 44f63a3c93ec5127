"""What belongs to a contact or organisation of what is known twice, and of what was merged."""

from crm.base.parts import FIND_MERGES, declare, declare_soft
from crm.contacts.models import Contact
from crm.duplicates.models import DuplicatePair, Merge, Noun
from crm.organisations.models import Organisation

declare(Merge, "contact", held=True, quiet=True, former="gone_key")
declare(Merge, "organisation", held=True, quiet=True, former="gone_key")
for _noun, _whole in ((Noun.CONTACT, Contact), (Noun.ORGANISATION, Organisation)):
    # A proposal says nothing any more once one of the two is gone.
    for _side in ("a", "b"):
        declare_soft(DuplicatePair, _side, _whole, where={"noun": _noun.value}, held=True, on_merge="drop")
    # A merge tells who went into whom at the time.
    for _key in ("into_key", "gone_key"):
        declare_soft(Merge, _key, _whole, where={f"{_noun.value}__isnull": False}, on_merge="leave")
FIND_MERGES.append(Merge.objects.pairs_among)
