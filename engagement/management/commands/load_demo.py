"""`manage.py load_demo [--seed N]`: a small area with invented people, for trying Kwartet out."""

import json
from argparse import ArgumentParser
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from crm.accounts.models import User
from crm.accounts.roles import Role
from crm.base.text import words
from crm.bodies.models import Body, Seat
from crm.bodies.services import hand_over, save_body
from crm.contacts.indexing import keep_documents
from crm.contacts.models import Affiliation, Contact, ContactPoint
from crm.organisations.models import Organisation, OrganisationSector
from crm.preferences.models import Purpose, Source
from crm.preferences.rules import address_digest
from crm.preferences.services import record_consent
from crm.themes.models import Theme
from engagement.compositions import services as compositions
from engagement.compositions.models import Block
from engagement.events.models import Event, Participation
from engagement.events.services import save_event
from engagement.mailings.models import Message
from engagement.management.conversations import load_conversations
from engagement.management.strategy import load_strategy

CONTACTS = 48


class Command(BaseCommand):
    help = "Load fictional demo data: users, organisations, contacts, interviews, an event and a newsletter."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--seed", type=int, default=1, help="another number gives other people")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.LOCAL:
            raise CommandError("Demo users have a known password; load them on a local address only.")
        data = json.loads((settings.BASE_DIR / "fixtures" / "demo.json").read_text(encoding="utf-8"))
        users = load_users(data["users"], data["password"])
        if Contact.objects.exists():
            self.stdout.write("There are contacts already; only the demo users were checked.")
            return
        chance = Random(options["seed"])  # noqa: S311 - for variety, not for secrets
        organisations = load_organisations(data["organisations"])
        contacts = load_contacts(data, organisations, chance)
        load_bodies(data["bodies"], organisations, contacts, users[Role.ADMIN])
        event = load_event(data["event"], contacts, chance)
        load_newsletter(data["newsletter"], event, users[Role.COMMUNICATIONS])
        folder, seed = settings.BASE_DIR / "fixtures", options["seed"]
        codes = load_conversations(folder=folder, contacts=contacts, users=users, seed=seed)
        load_strategy(folder=folder, codes=codes, by=users[Role.CORE_TEAM], seed=seed)
        self.stdout.write(f"Loaded {len(organisations)} organisations and {len(contacts)} contacts.")


def load_users(rows: list[dict[str, str]], password: str) -> dict[str, User]:
    """One user per role, with the demo password that everybody knows."""
    users = {}
    for row in rows:
        user = User.objects.filter(email=row["email"]).first() or User.objects.create_user(
            row["email"], password, name=row["name"]
        )
        user.groups.set([Group.objects.get(name=row["role"])])
        users[row["role"]] = user
    return users


def load_organisations(rows: list[dict[str, Any]]) -> list[Organisation]:
    """The first sector of each is its primary one."""
    organisations = []
    for row in rows:
        organisation = Organisation.objects.create(name=row["name"], city=row["city"])
        for index, sector in enumerate(row["sectors"]):
            OrganisationSector.objects.create(organisation=organisation, sector=sector, primary=index == 0)
        organisations.append(organisation)
    return organisations


def load_contacts(data: dict[str, Any], organisations: list[Organisation], chance: Random) -> list[Contact]:
    themes = list(Theme.objects.all())
    people = chance.sample(
        [(given, family) for given in data["given"] for family in data["family"]], CONTACTS
    )
    return [
        _load_contact(given, family, organisations[index % len(organisations)], data, themes, chance)
        for index, (given, family) in enumerate(people)
    ]


def _load_contact(
    given: dict[str, str],
    family: dict[str, str],
    organisation: Organisation,
    data: dict[str, Any],
    themes: list[Theme],
    chance: Random,
) -> Contact:
    contact = Contact.objects.create(
        given_name=given["name"],
        initials=f"{given['name'][0]}.",
        form_of_address=given["form"],
        infix=family["infix"],
        family_name=family["name"],
        titles_before=chance.choice(["", "", "", "dr.", "ir.", "prof. dr."]),
        language="en" if given.get("language") == "en" else "nl",
        formality=chance.choice(["u", "u", "je"]),
    )
    contact.themes.set(chance.sample(themes, chance.randint(1, 3)))
    Affiliation.objects.create(
        contact=contact,
        organisation=organisation,
        job_title=chance.choice(data["job_titles"]),
        department=chance.choice(data["departments"]),
    )
    address = ".".join(words(f"{given['name']} {family['infix']} {family['name']}"))
    ContactPoint.objects.create(contact=contact, kind="email", value=f"{address}@example.org", preferred=True)
    number = f"+3153{chance.randint(4000000, 4999999)}"
    ContactPoint.objects.create(contact=contact, kind="phone", value=number, preferred=True)
    keep_documents([contact.pk])
    _load_preferences(contact, chance)
    return contact


def _load_preferences(contact: Contact, chance: Random) -> None:
    answers: dict[str, bool] = {}
    if chance.random() < 0.1:
        answers[Purpose.INVITATION] = False
    if chance.random() < 0.6:
        answers[Purpose.NEWSLETTER] = chance.random() < 0.75
    for purpose, allowed in answers.items():
        record_consent(
            contact=contact, purpose=purpose, allowed=allowed, source=Source.STAFF, source_detail="demo"
        )


def load_bodies(
    rows: list[dict[str, Any]], organisations: list[Organisation], contacts: list[Contact], actor: User
) -> None:
    """Seats of organisations are held by their own people, one after the other."""
    by_name = {organisation.name: organisation for organisation in organisations}
    free = list(contacts)
    for position, row in enumerate(rows):
        body = save_body(
            body=Body(name_nl=row["nl"], name_en=row["en"], purpose=row["purpose"], position=position)
        )
        for place, data in enumerate(row["seats"]):
            organisation = by_name.get(data["organisation"])
            seat = Seat.objects.create(
                body=body,
                role=data["role"],
                organisation=organisation,
                position=place,
                established_on=timezone.localdate() - timedelta(days=max(data["taken_days_ago"])),
            )
            _load_terms(seat, data, free, actor)


def _load_terms(seat: Seat, data: dict[str, Any], free: list[Contact], actor: User) -> None:
    """Takes from `free` those who get the seat; nobody sits in two places."""
    for days in data["taken_days_ago"]:
        fits = [
            person
            for person in free
            if seat.organisation is None
            or person.affiliations.filter(organisation=seat.organisation).exists()
        ]
        free.remove(fits[0])
        day = timezone.localdate() - timedelta(days=days)
        hand_over(seat=seat, contact=fits[0], on=day, actor=actor)
    if "left_days_ago" in data:
        day = timezone.localdate() - timedelta(days=data["left_days_ago"])
        hand_over(seat=seat, contact=None, on=day, actor=actor)


def load_event(row: dict[str, str], contacts: list[Contact], chance: Random) -> Event:
    """An expert session three weeks ahead, with a first handful of people invited who answered."""
    event = Event(
        theme=Theme.objects.get(slug=row["theme"]),
        title_nl=row["title_nl"],
        title_en=row["title_en"],
        text_nl=row["text_nl"],
        text_nl_je=row["text_nl_je"],
        text_en=row["text_en"],
        place=row["place"],
        capacity=48,
    )
    day = timezone.localdate() + timedelta(days=21)
    event.starts_at = datetime(day.year, day.month, day.day, 13, 30, tzinfo=event.zone)
    event.ends_at = event.starts_at + timedelta(hours=3)
    save_event(event=event, remind_days_before=3)
    for person in chance.sample(contacts, 6):
        status = chance.choice(["accepted", "accepted", "tentative", "declined"])
        _load_answer(event, person, status)
    return event


def _load_answer(event: Event, person: Contact, status: str) -> None:
    now = timezone.now()
    Participation.objects.create(
        event=event, contact=person, status=status, answered_at=now - timedelta(hours=3), answers=1
    )
    Message.objects.create(
        kind="invitation",
        about_id=event.pk,
        key=f"invitation:{event.pk}:{person.pk}",
        contact=person,
        purpose=Purpose.INVITATION,
        address=person.email(),
        address_digest=address_digest(person.email()),
        language=person.language,
        state=Message.State.SENT,
        sent_at=now - timedelta(days=1),
        due_at=now - timedelta(days=1),
        give_up_at=now,
    )


def load_newsletter(row: dict[str, Any], event: Event, by: User) -> None:
    """A draft in both languages; who gets it is for a newcomer to choose. No worker is rung: none runs."""
    newsletter = compositions.start(kind="newsletter", title=row["title"], by=by)
    newsletter.subject_nl, newsletter.subject_en = row["subject_nl"], row["subject_en"]
    newsletter.save()
    for position, block in enumerate(row["blocks"], start=1):
        shown = event if block["kind"] == "event" else None
        Block.objects.create(composition=newsletter, position=position, event=shown, **block)
