"""The child of bench/search.py: fills the database of the settings, measures and prints one line of JSON."""

import json
import logging
import statistics
import time
from collections.abc import Sequence
from random import Random

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from bench import search_peer
from bench.search_peer import PEER
from crm.accounts.models import User
from crm.base.paging import capped, key_set_page
from crm.base.sectors import Sector
from crm.base.text import words
from crm.contacts.indexing import keep_documents
from crm.contacts.infixes import split_infix
from crm.contacts.models import Affiliation, Contact, ContactPoint
from crm.directory.contacts.filters import ContactFilter
from crm.organisations.models import Organisation, OrganisationSector
from crm.organisations.names import organisation_key

# As somebody types: names, infixes, half words, addresses, organisations, few and many, nobody.
QUESTIONS = [
    *("jan", "jansen", "jan jansen", "vd berg", "berg van den", "v.d. berg", "van der", "ozgur", "yil"),
    *("universiteit", "universiteit jan", "gemeente", "gemeente vries", "example.org", "a.bakker@", "bakker"),
    *("de", "b", "ja", "x", "q z", "vries lisa", "twente bv", "sander visser universiteit", "zzzz", "mei"),
    *("smit", "hogeschool van de", "@bedrijf12.example", "w", "anna", "van berg anna", "info", "ingenieur"),
]
ROUNDS = 6
PAGE_ROUNDS = 5
PLAIN = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
KINDS = ["Gemeente", "Universiteit", "Hogeschool", "Stichting", "Ingenieursbureau", "Bedrijf"]
_PLACES = "Enschede Hengelo Almelo Borne Oldenzaal Zwolle Deventer Utrecht Arnhem Delft"
_GIVEN = (
    "Jan Johan Hendrik Maria Anna Kees Sanne Lisa Sander Emma Willem Pieter Fleur Bas Noor Thijs Lotte Daan"
    " Youssef Priya Marieke Wouter Ingrid Ruben Eva Özgür Zoë Chloé Fatima Bram Hanneke Gijs Iris Joost"
)
_FAMILY = (
    "de Jong,Jansen,de Vries,van den Berg,van Dijk,Bakker,Janssen,Visser,Smit,Meijer,de Boer,Mulder,de Groot"
    ",Bos,Vos,Peters,Hendriks,van Leeuwen,Dekker,Brouwer,de Wit,Dijkstra,Smits,de Graaf,van der Meer"
    ",van der Linden,Kok,Jacobs,de Haan,Vermeulen,van den Heuvel,van der Veen,van den Broek,in 't Veld,Yıldız"
)
_PARTS = [
    "aal bree dal eik fran groen hoe ijs kamp lind meu noord oude pol riet slag tim uit veen wol",
    "en er in om op te a e i",
    "berg beek burg dijk feld haus huis horst kamp laar loo meer rode stra stein sma veld voort woud",
]
PLACES, GIVEN, FAMILY = _PLACES.split(), _GIVEN.split(), _FAMILY.split(",")
PARTS = [part.split() for part in _PARTS]
INFIXES = ["", "", "", "", "", "van", "van der", "van den", "ter", "ten"]


def main(people: int) -> None:
    logging.disable(logging.WARNING)
    settings.ROOT_URLCONF = search_peer.__name__
    settings.STORAGES = {**settings.STORAGES, "staticfiles": PLAIN}
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    fill(people)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    for question in QUESTIONS:
        list_query(question)
    times: dict[str, list[float]] = {question: [] for question in QUESTIONS}
    order = QUESTIONS * ROUNDS
    Random(1).shuffle(order)
    for question in order:
        start = time.perf_counter()
        list_query(question)
        times[question].append((time.perf_counter() - start) * 1000)
    print(json.dumps(summary(times)))


def list_query(question: str) -> str:
    """What the list asks of a search: how many there are, capped, and the first page in order."""
    found = ContactFilter({"q": question}, Contact.objects.all()).qs
    number = capped(found)
    key_set_page(found, order="sort_key", after=None, before=None, total=number)
    return str(number)


def summary(times: dict[str, list[float]]) -> dict[str, object]:
    pages = {question: whole_page(question) for question in ["", *QUESTIONS]}
    rows = [
        {"question": question, "found": list_query(question), **figures(taken), **pages[question]}
        for question, taken in times.items()
    ]
    every = [one for taken in times.values() for one in taken]
    page, peer = (p95([one[name] for one in pages.values()]) for name in ("page", "peer"))
    overall = {"question": "all, whole page: p95", "found": "", **figures(every), "page": page, "peer": peer}
    rows.append({"question": "everybody", "found": "", "p50": 0.0, "p95": 0.0, **pages[""]})
    overall["x_peer"] = round(page / peer, 2)
    overall["x_peer_everybody"] = round(pages[""]["page"] / pages[""]["peer"], 2)
    return {"database": connection.vendor, "questions": rows, "all": overall}


def figures(taken: list[float]) -> dict[str, float]:
    return {"p50": round(statistics.median(taken), 2), "p95": p95(taken)}


def p95(taken: Sequence[float]) -> float:
    return round(statistics.quantiles(taken, n=20)[-1], 2)


def whole_page(question: str) -> dict[str, float]:
    """The best of five answers to the browser, template and all, and of the peer, in turns."""
    user = User.objects.filter(is_superuser=True).first() or User.objects.create_superuser(
        "bench@example.org"
    )
    client = Client(headers={"host": settings.ALLOWED_HOSTS[0]})
    client.force_login(user)
    best = {"page": float("inf"), "peer": float("inf")}
    for _ in range(PAGE_ROUNDS):
        for name, address in (("page", reverse("contact_list")), ("peer", PEER)):
            start = time.perf_counter()
            response = client.get(address, {"q": question})
            best[name] = min(best[name], round((time.perf_counter() - start) * 1000, 1))
            if response.status_code != 200:
                raise RuntimeError(f"{address} answered {response.status_code}")
    return best


def fill(people: int) -> None:
    """Names as common as in a telephone book, 3,000 organisations, an address each."""
    chance = Random(7)
    organisations = Organisation.objects.bulk_create(
        _organisation(f"{chance.choice(KINDS)} {chance.choice(PLACES)} {number}") for number in range(3000)
    )
    OrganisationSector.objects.bulk_create(
        OrganisationSector(organisation=one, sector=chance.choice(Sector.values), primary=True)
        for one in organisations
    )
    for _ in range(0, people, 5000):
        _five_thousand(organisations, chance)


def _organisation(name: str) -> Organisation:
    organisation = Organisation(name=name)
    organisation.key = organisation_key(name)
    return organisation


def _five_thousand(organisations: list[Organisation], chance: Random) -> None:
    people = []
    for _ in range(5000):
        given = chance.choices(GIVEN, range(len(GIVEN), 0, -1))[0]
        infix, family = split_infix(_family_name(chance))
        people.append(Contact(given_name=given, initials=f"{given[0]}.", infix=infix, family_name=family))
        people[-1].set_keys()
    Contact.objects.bulk_create(people)
    numbers = [one.pk for one in people]
    places = [chance.choice(organisations) for _ in people]
    ContactPoint.objects.bulk_create(
        ContactPoint(contact=one, kind="email", value=_address(one, place), preferred=True)
        for one, place in zip(people, places, strict=True)
    )
    Affiliation.objects.bulk_create(
        Affiliation(contact=one, organisation=place) for one, place in zip(people, places, strict=True)
    )
    keep_documents(numbers)


def _family_name(chance: Random) -> str:
    """A common name in four of ten, else one of some ten thousand made of parts."""
    if chance.random() < 0.4:
        return chance.choices(FAMILY, range(len(FAMILY), 0, -1))[0]
    made = "".join(chance.choice(part) for part in PARTS).capitalize()
    return f"{chance.choice(INFIXES)} {made}".strip()


def _address(contact: Contact, place: Organisation) -> str:
    local = "".join(words(contact.infix + contact.family_name))
    return f"{words(contact.given_name)[0][0]}.{local}@bedrijf{place.pk}.example.org"
