"""Whom an adviser is about to invite: by a filter, less whom they untick, page by page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.core.paginator import Page, Paginator
from django.http import QueryDict

from crm.base.bulk_rows import one_by_one
from crm.base.fields import numbers_in
from crm.base.sectors import Sector
from crm.contacts.models import Contact, ContactQuerySet
from crm.directory.contacts.chips import without
from engagement.events.models import Event
from engagement.mailings.audience import fingerprint, reasons_for, speaks_for
from engagement.mailings.checks import had_lately
from engagement.mailings.kinds import KINDS
from engagement.mailings.models import Reason

PER_PAGE = 50
NAMED = 20


@dataclass(frozen=True)
class Invitees:
    """Everybody whom the filter finds: who may be invited, in order, and who may not with the reason."""

    welcome: Sequence[int]
    barred: dict[int, Reason]
    left_out: frozenset[int]

    @cached_property
    def included(self) -> list[int]:
        return [contact for contact in self.welcome if contact not in self.left_out]

    @property
    def seen(self) -> str:
        return fingerprint(self.included)

    @property
    def found(self) -> int:
        return len(self.welcome) + len(self.barred)

    def page(self, number: str) -> Page[int]:
        return Paginator(self.welcome, PER_PAGE).get_page(number)

    def by_sector(self) -> list[tuple[str, int]]:
        """How many of those included speak for each O; whoever speaks for two counts with both."""
        codes = speaks_for(_these(self.included).order_by().values("pk"))
        return [(code, sum(code in theirs for theirs in codes.values())) for code in Sector.values]

    def unticked(self) -> ContactQuerySet:
        """Those of them whom the filter finds, a few for naming."""
        return _these([contact for contact in self.welcome if contact in self.left_out])[:NAMED]

    def not_allowed(self) -> list[tuple[Contact, Reason]]:
        """Some of those who may not be invited."""
        return [(one, self.barred[one.pk]) for one in _these(list(self.barred)).for_list()[:NAMED]]


def look(event: Event, contacts: ContactQuerySet, left_out: Iterable[int]) -> Invitees:
    """In a number of queries that does not depend on how many they are."""
    people = list(contacts.prefetch_related("contact_points", "preferences"))
    reasons = reasons_for(people, KINDS["invitation"], event.pk)
    welcome = [pk for pk, reason in reasons.items() if reason == Reason.IN_AUDIENCE]
    barred: dict[int, Reason] = {pk: reason for pk, reason in reasons.items() if reason != Reason.IN_AUDIENCE}
    return Invitees(welcome, barred, frozenset(left_out))


def _these(contacts: Sequence[int]) -> ContactQuerySet:
    found = Contact.objects.all()
    return found.filter(pk__in=one_by_one(contacts, found.db))


def rows_of(page: Iterable[int]) -> ContactQuerySet:
    """With `had`, the messages that each had lately."""
    return _these(list(page)).for_list().annotate(had=had_lately("messages"))


def filter_in(query: QueryDict, typed: QueryDict | None, event: Event) -> QueryDict:
    """The filter that was `typed`, less the one whose cross was pressed; or the one in the address; or the
    theme of the event.
    """
    if typed is None:
        return query or QueryDict(f"theme={event.theme.slug}")
    name, _equals, value = typed.get("drop", "").partition("=")
    return QueryDict(without(typed, name, value or None)) if name else typed


def left_out_in(typed: QueryDict) -> set[int]:
    """Whom somebody unticked, on the page in hand or on another, and did not put back."""
    before = set(numbers_in(typed.get("out", "").split(",")))
    shown, ticked, back = (set(numbers_in(typed.getlist(name))) for name in ("shown", "invite", "back"))
    return (before | shown - ticked) - (shown & ticked) - back
