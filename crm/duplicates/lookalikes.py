"""Who is known already under an address, a number or the name of somebody: exact, and quick enough to ask
while a person types. What is only alike is found by the look at everybody; see proposals.py.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from crm.base.text import fold
from crm.contacts import names
from crm.contacts.forms import ContactForms
from crm.contacts.models import Contact, ContactPoint
from crm.duplicates.reasons import Reason

# As many are shown; a shared mailbox may have hundreds.
MOST = 5


@dataclass(frozen=True)
class Lookalike:
    """`contact` as ContactQuerySet.for_list() has it, and what it shares."""

    contact: Contact
    reasons: Sequence[Reason]

    @property
    def shares_an_address(self) -> bool:
        return Reason.SAME_EMAIL in self.reasons or Reason.SAME_PHONE in self.reasons

    @property
    def in_words(self) -> list[str]:
        """What a person who types reads; the address and the number stand before the name."""
        addresses = [str(reason.label) for reason in self.reasons if reason != Reason.SAME_FAMILY]
        return addresses or [_("the same name")]

    @property
    def is_likely(self) -> bool:
        """An office shares a number, and so does a family: both together are telling."""
        return Reason.SAME_FAMILY in self.reasons and self.shares_an_address


def lookalikes(person: names.Named, values: Iterable[str], *, besides: int = 0) -> list[Lookalike]:
    """Those with the very name of `person`, or one of `values` as reach.normalised() has them.

    Who has an address stands before a namesake.
    """
    wanted = set(values)
    sort_key = fold(names.sort_name(person))[:300]
    surname = names.surname_key(person.infix, person.family_name, person.given_name)[:200]
    # A family name alone is that of many.
    whole = bool(person.family_name and (person.given_name or person.initials))
    called = Q(sort_key=sort_key) if whole else Q(pk__in=[])
    reached = Q(pk__in=ContactPoint.objects.filter(value__in=wanted).values("contact"))
    found = list(Contact.objects.filter(reached).exclude(pk=besides).for_list()[:MOST])
    others = Contact.objects.filter(called).exclude(pk__in=[besides, *(one.pk for one in found)])
    every = [*found, *others.for_list()[:MOST]]
    return [Lookalike(one, _reasons(one, wanted, surname)) for one in every[:MOST]]


def lookalikes_of_typed(forms: ContactForms) -> list[Lookalike]:
    """Those of the contact that is being typed; what is not valid yet says nothing."""
    forms.is_valid()
    typed = forms.person.cleaned_data
    parts = {part: typed.get(part, "") for part in ("given_name", "initials", "infix", "family_name")}
    points = [getattr(form, "cleaned_data", {}) for form in forms.points.forms]
    return lookalikes(Contact(**parts), [point["value"] for point in points if point.get("value")])


def _reasons(contact: Contact, wanted: set[str], surname: str) -> list[Reason]:
    shared = [point.kind for point in contact.contact_points.all() if point.value in wanted]
    reasons = {
        Reason.SAME_EMAIL: ContactPoint.Kind.EMAIL in shared,
        Reason.SAME_PHONE: any(kind != ContactPoint.Kind.EMAIL for kind in shared),
        Reason.SAME_FAMILY: contact.surname_key == surname,
    }
    return [reason for reason, holds in reasons.items() if holds]
