"""What may be sent to whom: the rules for "yes", "no" and "never asked", as a filter and for one contact."""

from collections.abc import Iterable

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.utils.crypto import salted_hmac

from crm.contacts.models import Contact, ContactPoint
from crm.preferences.models import ONLY_AFTER_A_YES, Channel, LegalBasis, Preference, Suppression

# The basis on which somebody who was never asked is invited: GDPR art. 6(1)(f), recital 47. It stands
# beside "not asked" on the contact page; a newsletter has no such basis (Telecommunicatiewet art. 11.7).
BASIS_WHEN_NEVER_ASKED = LegalBasis.LEGITIMATE_INTEREST


def contacts_who_may_receive(purpose: str, channel: str = Channel.EMAIL) -> Q:
    """A condition on Contact: nobody who said no, and for a newsletter only who said yes."""
    said = Preference.objects.filter(purpose=purpose, channel=channel)
    if purpose in ONLY_AFTER_A_YES:
        return Q(pk__in=said.filter(allowed=True).values("contact"))
    return ~Q(pk__in=said.filter(allowed=False).values("contact"))


def contacts_with_an_address() -> Q:
    """A condition on Contact: there is an e-mail address that nothing came back from."""
    # Asked of each person in hand: as a list of all with an address it would be made anew for each count.
    return Q(Exists(ContactPoint.objects.mailable().filter(contact=OuterRef("pk"))))


def standing(contact: Contact, purpose: str, channel: str = Channel.EMAIL) -> Preference | None:
    """The answer in force, None for never asked. Uses prefetched `preferences` when there are."""
    for preference in contact.preferences.all():
        if preference.purpose == purpose and preference.channel == channel:
            return preference
    return None


def may_receive(contact: Contact, purpose: str, channel: str = Channel.EMAIL) -> bool:
    answer = standing(contact, purpose, channel)
    if answer is None:
        return purpose not in ONLY_AFTER_A_YES
    return answer.allowed


def address_digest(address: str) -> str:
    """The keyed hash by which a suppressed address is recognised; folded, so case does not matter."""
    key = settings.SUPPRESSION_KEY
    folded = address.strip().casefold()
    return salted_hmac("kwartet.suppression", folded, secret=key, algorithm="sha256").hexdigest()


def suppressed_digests(addresses: Iterable[str]) -> set[str]:
    """The digests of those `addresses` that must never be mailed."""
    digests = [address_digest(address) for address in addresses]
    return set(Suppression.objects.filter(digest__in=digests).values_list("digest", flat=True))
