"""Forms that make something and are sent twice."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.db.models import Model
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from crm.accounts.roles import Role
from crm.base.once import TakenForm
from crm.bodies.models import Body, Seat
from crm.contacts.models import Contact
from crm.directory.bulk.models import BulkAction
from crm.directory.segments.models import Segment
from crm.imports.models import ImportBatch
from crm.organisations.models import Organisation
from crm.timeline.models import TimelineEntry
from engagement.events.models import Event
from engagement.interviews.models import Interview
from engagement.mailings.models import Mailing
from tasks.sessions import clear_expired
from tests.factories import make_contact, make_organisation, make_seat, make_theme, make_user
from tests.harness.forms import fields_of

pytestmark = pytest.mark.django_db

_KEY = re.compile(r'name="once" value="(\w+)"')


@pytest.fixture
def admin(client: Client) -> Client:
    client.force_login(make_user(Role.ADMIN))
    return client


def new_contact(client: Client, **typed: Any) -> dict[str, Any]:
    return {**fields_of(client.get(reverse("contact_new"))), "family_name": "Twee", **typed}


def test_second_click_makes_nothing_and_leads_to_what_the_first_made(admin):
    typed = new_contact(admin)
    first, second = (admin.post(reverse("contact_new"), typed) for _ in range(2))
    made = Contact.objects.get()
    assert first["Location"] == second["Location"] == made.get_absolute_url()
    page = admin.get(second["Location"]).content.decode()
    assert "This came in twice. It was saved once." in page


def test_other_words_with_the_same_key_are_another_contact(admin):
    """Somebody went back in the browser and typed on: that is not lost."""
    typed = new_contact(admin)
    for name in ("Twee", "Drie"):
        admin.post(reverse("contact_new"), {**typed, "family_name": name})
    assert [one.family_name for one in Contact.objects.order_by("pk")] == ["Twee", "Drie"]


def test_refused_form_can_be_sent_again(admin):
    typed = new_contact(admin, form_of_address="own")
    assert [admin.post(reverse("contact_new"), typed).status_code for _ in range(2)] == [200, 200]
    assert not TakenForm.objects.exists()
    assert admin.post(reverse("contact_new"), {**typed, "form_of_address": "neutral"}).status_code == 302


def test_form_of_somebody_else_is_another_one(admin):
    typed = {**fields_of(admin.get(reverse("organisation_new"))), **MADE["organisation_new"][1]}
    other = Client()
    other.force_login(make_user(Role.ADMIN))
    places = [client.post(reverse("organisation_new"), typed).status_code for client in (admin, other)]
    assert (places, TakenForm.objects.count()) == ([302, 200], 1)


_MOMENT = "2026-01-05T10:00"
_EVENT = {
    "starts_at": _MOMENT,
    "ends_at": "2026-01-05T12:00",
    "title_nl": "T",
    "text_nl": "t",
    "formality": "u",
    "place": "p",
}
MADE: dict[str, tuple[type[Model], dict[str, Any]]] = {
    "organisation_new": (Organisation, {"name": "Eén", "sectors": ["education"], "primary": "education"}),
    "interview_new": (Interview, {"held_at": _MOMENT}),
    "event_new": (Event, {**_EVENT, "kind": "workshop"}),
    "composition_new": (Mailing, {"kind": "newsletter", "title": "Juni"}),
    "body_new": (Body, {"name_nl": "Stuurgroep", "position": "1"}),
    "segment_new": (Segment, {"name": "Iedereen"}),
    "bulk_new": (BulkAction, {"kind": "add tag", "tags": "Nieuw"}),
}


@pytest.mark.parametrize("what", MADE)
def test_every_form_that_makes_something_makes_it_once(admin, what):
    model, typed = MADE[what]
    address = f"{reverse(what)}?contact={make_contact().pk}&q=berg"
    form = {**fields_of(admin.get(address)), **typed, "theme": make_theme().pk}
    answers = [admin.post(address, form) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0]["Location"] == answers[1]["Location"]
    assert model._default_manager.count() == 1


def test_seat_is_made_once(admin):
    body = make_seat().body
    address = reverse("body_add_seat", args=[body.pk])
    form = {**fields_of(admin.get(address)), "role": "voorzitter"}
    for _ in range(2):
        assert admin.post(address, form)["Location"] == body.get_absolute_url()
    assert Seat.objects.filter(role="voorzitter").count() == 1


@pytest.mark.parametrize(("page", "make"), [("contact", make_contact), ("organisation", make_organisation)])
def test_note_is_written_once(admin, page, make):
    about = make()
    (key,) = _KEY.findall(admin.get(about.get_absolute_url()).content.decode())
    for text in ("Belt terug.", "Belt terug.", "Belt morgen terug."):
        admin.post(reverse(f"{page}_note", args=[about.pk]), {"text": text, "once": key})
    details = TimelineEntry.objects.filter(kind="timeline.note").values_list("words__detail", flat=True)
    assert sorted(details) == ["Belt morgen terug.", "Belt terug."]


def test_file_is_uploaded_once_and_another_one_with_its_name_too(admin):
    form = fields_of(admin.get(reverse("import_new")))

    def upload(content: bytes) -> HttpResponse:
        file = SimpleUploadedFile("mensen.csv", content)
        return admin.post(reverse("import_new"), {**form, "file": file})

    answers = [upload(content) for content in (b"Naam\nJan\n", b"Naam\nJan\n", b"Naam\nPiet\n")]
    assert answers[0]["Location"] == answers[1]["Location"] != answers[2]["Location"]
    assert ImportBatch.objects.count() == 2


def test_sent_forms_are_forgotten_after_a_day(admin):
    admin.post(reverse("contact_new"), new_contact(admin))
    clear_expired()
    assert TakenForm.objects.count() == 1
    TakenForm.objects.update(taken_at=timezone.now() - timedelta(days=1, seconds=1))
    clear_expired()
    assert TakenForm.objects.count() == 0


@pytest.mark.postgres  # a test's SQLite lives in memory, where threads cannot wait for each other
@pytest.mark.django_db(transaction=True)
def test_many_clicks_at_the_same_moment_make_one_contact():
    user = make_user(Role.ADMIN)
    clients = [Client() for _ in range(6)]
    for client in clients:
        client.force_login(user)
    typed = new_contact(clients[0])

    def click(client: Client) -> str:
        try:
            return str(client.post(reverse("contact_new"), typed)["Location"])
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        places = set(pool.map(click, clients))
    assert places == {Contact.objects.get().get_absolute_url()}
