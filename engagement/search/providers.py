"""What can be found from everywhere: one provider per kind of thing, each with the capability it takes.

A kind that comes later joins by one entry in PROVIDERS.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db.models import Prefetch, Q, QuerySet
from django.utils import formats, timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.accounts.roles import may
from crm.contacts.models import Affiliation, Contact
from crm.contacts.search_words import search_terms
from crm.organisations.models import Organisation
from engagement.events.models import Event
from engagement.interviews.models import Interview

# Of each kind in the dialog and on the page; one more tells that there are more.
MOST = 8


@dataclass(frozen=True)
class Hit:
    title: str
    second: str
    url: str


@dataclass(frozen=True)
class Provider:
    heading: Promise
    icon: str
    capability: str
    find: Callable[[str], Iterable[Hit]]
    # The url name of the list that searches further with ?q=, "" when it has none.
    further: str = ""


@dataclass(frozen=True)
class Group:
    provider: Provider
    hits: list[Hit]
    more: bool


def search(text: str, user: AbstractBaseUser | AnonymousUser) -> list[Group]:
    """What `user` may see of what is found, by kind; kinds without a hit are left out."""
    groups = []
    for provider in PROVIDERS if search_terms(text) else []:
        if may(user, provider.capability):
            hits = list(provider.find(text))
            groups.append(Group(provider, hits[:MOST], len(hits) > MOST))
    return [group for group in groups if group.hits]


def _people(text: str) -> Iterable[Hit]:
    for contact in _with_functions(Contact.objects.search(text)[: MOST + 1]):
        functions = "; ".join(str(row) for row in contact.current_affiliations)
        yield Hit(str(contact), functions, contact.get_absolute_url())


def _with_functions(contacts: QuerySet[Contact]) -> QuerySet[Contact]:
    current = Affiliation.objects.current().select_related("organisation")
    return contacts.prefetch_related(Prefetch("affiliations", current, to_attr="current_affiliations"))  # type: ignore[no-redef]


def _organisations(text: str) -> Iterable[Hit]:
    for one in Organisation.objects.search(text)[: MOST + 1]:
        yield Hit(one.name, one.city, one.get_absolute_url())


def _events(text: str) -> Iterable[Hit]:
    found = Event.objects.filter(_every_word(text, "title_nl", "title_en", "place"))
    for event in found.order_by("-starts_at", "-pk")[: MOST + 1]:
        yield Hit(str(event), _day(event.starts_at), event.get_absolute_url())


def _interviews(text: str) -> Iterable[Hit]:
    with_people = Q(contacts__in=Contact.objects.search(text).order_by().values("pk"))
    for_places = Q(organisation__in=Organisation.objects.search(text).order_by().values("pk"))
    found = Interview.objects.filter(with_people | for_places).distinct().prefetch_related("contacts")
    for interview in found[: MOST + 1]:
        yield Hit(str(interview), _day(interview.held_at), interview.get_absolute_url())


PROVIDERS = [
    Provider(_("People"), "users", "contacts.view", _people, "contact_list"),
    Provider(_("Organisations"), "building-2", "organisations.view", _organisations, "organisation_list"),
    Provider(_("Events"), "calendar", "events.view", _events),
    Provider(_("Interviews"), "message-square-quote", "interviews.view", _interviews),
]


def _every_word(text: str, *fields: str) -> Q:
    found = Q()
    for word in text.split():
        here = Q()
        for field in fields:
            here |= Q(**{f"{field}__icontains": word})
        found &= here
    return found


def _day(moment: datetime) -> str:
    return formats.date_format(timezone.localtime(moment), "SHORT_DATE_FORMAT")
