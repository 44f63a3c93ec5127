"""What leaves Kwartet comes back as the same, in every format and both languages."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from crm.accounts.roles import Role
from crm.base.said import told
from crm.base.writers import FORMATS
from crm.contacts.facets import keep_facets
from crm.contacts.listing import list_columns
from crm.contacts.models import Contact, ContactPoint
from crm.imports.planning.plans import Plan
from crm.organisations.models import Organisation
from crm.preferences.services import record_consent
from crm.themes.models import Theme
from tests.crm.imports.plans import make_plan
from tests.factories import (
    draft_of,
    make_contact,
    make_event,
    make_organisation,
    make_participation,
    make_seat,
    make_tag,
    make_term,
    make_theme,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.same_on_both]


def read_back(client: Client, name: str, kind: str) -> Plan:
    response = client.get(reverse(name, args=[kind]))
    suffix = FORMATS[kind].suffix if kind in FORMATS else "vcf"
    with override("nl"):  # the admin who reads it need not have the language of who wrote it
        return make_plan(response.content, f"export.{suffix}")


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("kind", [*FORMATS, "vcard"])
def test_what_was_exported_reads_back_as_the_same(client, jan, kind, language):
    client.force_login(make_user(Role.COMMUNICATIONS, language=language))
    jan.tags.add(make_tag("Kennispark"), make_tag("Gast van 2024 & later"))
    jan.themes.add(Theme.objects.create(slug="r", name_nl="Ruimte/groen, water", name_en="Room"))
    Contact.objects.filter(pk=jan.pk).update(external_id="R-0012", told_heard_on="2026-03-01")
    keep_facets([jan.pk])
    make_contact(given_name="Özgür", family_name="Yıldız", infix="", form_of_address="", language="en")
    plan = read_back(client, "contact_export", kind)
    assert plan.kind == "contacts"
    assert [(row.action, row.changes, told(row.reason)) for row in plan.rows] == [("same", {}, "")] * 2
    assert sorted(plan.rows[0].values["tags"]) == ["Gast van 2024 & later", "Kennispark"]


@pytest.fixture
def awkward() -> None:
    """People and words that a file could read otherwise than they are."""
    jan = make_contact(titles_before="prof. dr.", organisation=make_organisation("Saxion", "research"))
    ContactPoint.objects.create(contact=jan, kind="phone", value="+31612345678")
    jan.affiliations.update(job_title="docent, senior", department="BMS; IT")
    jan.affiliations.create(organisation=make_organisation("", "education", "research"), job_title="lid")
    jan.themes.add(make_theme())
    jan.tags.add(make_tag("'t Hof"), make_tag("=1+1"))
    record_consent(contact=jan, purpose="newsletter", allowed=True, source="form")
    make_contact(family_name="Garcia Lopez", infix="", given_name="", initials="")
    make_contact(
        family_name="=Hof", infix="", given_name="@x", organisation=make_organisation("-x+y; 't Hof")
    )


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("shown", [False, True])
@pytest.mark.parametrize("kind", [*FORMATS, "vcard"])
def test_awkward_people_read_back_as_the_same(client, awkward, kind, shown, language):
    columns = [column.name for column in list_columns()]
    client.force_login(make_user(Role.COMMUNICATIONS, language=language, columns={"contacts": columns}))
    query = {"columns": "shown"} if shown else {}
    response = client.get(reverse("contact_export", args=[kind]), query)
    plan = make_plan(response.content, f"export.{FORMATS[kind].suffix if kind in FORMATS else 'vcf'}")
    rows = {row.position: (row.action, row.changes, told(row.reason)) for row in plan.rows if not row.repeats}
    assert list(rows.values()) == [("same", {}, "")] * 3
    assert [(row.action, row.changes) for row in plan.rows if row.repeats] == [("same", {})] * (
        kind == "vcard"
    )


def test_cell_that_was_changed_in_a_list_as_shown_changes_the_contact_of_its_number(client, jan):
    client.force_login(make_user(Role.COMMUNICATIONS, columns={"contacts": ["email", "tags"]}))
    response = client.get(reverse("contact_export", args=["csv"]), {"columns": "shown"})
    plan = make_plan(response.content.replace(jan.email().encode(), b"new@example.org"), "export.csv")
    assert [row.contact_id for row in plan.rows] == [jan.pk]
    assert plan.rows[0].changes == {"email": [[jan.email()], ["new@example.org"]]}


@pytest.mark.parametrize("change", [{"family_name": "Bos"}, {"pk": 10**20}, {"pk": "x"}])
def test_number_of_somebody_else_is_refused_and_said(jan, change):
    row = {"pk": jan.pk, "family_name": "Berg", **change}
    data = f"Naam;E-mail;Kwartet-nummer\nJan van den {row['family_name']};j@example.org;{row['pk']}\n"
    plan = make_plan(data.encode(), "export.csv")
    said = f"Nobody of this name has the Kwartet number {str(row['pk'])[:20]} here."
    with override("en"):
        assert [(one.action, told(one.reason)) for one in plan.rows] == [("refused", said)]


def test_row_without_a_number_in_a_list_as_shown_is_somebody_new(jan):
    data = "Naam;E-mail;Kwartet-nummer\nRik de Vos;rik@example.org;\n"
    (row,) = make_plan(data.encode(), "export.csv").rows
    assert (row.action, row.values["infix"], row.values["family_name"]) == ("new", "de", "Vos")


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("kind", FORMATS)
def test_exported_organisations_read_back_as_the_same(client, kind, language):
    client.force_login(make_user(Role.COMMUNICATIONS, language=language))
    saxion = make_organisation("Saxion", "education", "research")
    saxion.aliases.create(name="Hogeschool Saxion")
    saxion.tags.add(make_tag("Kennispark"), make_tag("alumni"))
    details = {
        "kvk_number": "01234567",
        "website": "https://saxion.nl/",
        "country": "DE",
        "external_id": "A1",
    }
    address = {"street": "M. H. Tromplaan", "house_number": "28", "postcode": "48599", "city": "Gronau"}
    Organisation.objects.filter(pk=saxion.pk).update(**details, **address)
    lab = make_organisation("Saxion Lab", "education")
    Organisation.objects.filter(pk=lab.pk).update(parent=saxion, kvk_number="01234567", size_class="10-49")
    make_contact(organisation=saxion)
    plan = read_back(client, "organisation_export", kind)
    assert plan.kind == "organisations"
    assert [(row.action, row.changes, told(row.reason)) for row in plan.rows] == [("same", {}, "")] * 2
    assert plan.rows[0].values["tags"] == ["alumni", "Kennispark"]


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("kind", [*FORMATS])
def test_participants_read_back_as_the_same(client, awkward, kind, language):
    event = make_event(in_days=-1)
    for person in Contact.objects.all():
        answer = {"status": "accepted", "answered_at": event.starts_at, "attended": True}
        make_participation(event=event, contact=person, **answer)
    client.force_login(make_user(Role.COMMUNICATIONS, language=language))
    response = client.get(reverse("event_export", args=[event.pk, kind]))
    plan = make_plan(response.content, f"export.{FORMATS[kind].suffix}")
    assert [(row.action, row.changes, told(row.reason)) for row in plan.rows] == [("same", {}, "")] * 3


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("kind", [*FORMATS])
def test_needs_read_back_as_the_same(client, awkward, kind, language):
    event = make_event()
    for person in Contact.objects.all():
        answer = {"status": "accepted", "answered_at": event.starts_at, "needs": "Geen vlees; 1/2 uur eerder"}
        make_participation(event=event, contact=person, **answer)
    client.force_login(make_user(Role.COMMUNICATIONS, language=language))
    response = client.get(reverse("event_needs", args=[event.pk, kind]))
    plan = make_plan(response.content, f"export.{FORMATS[kind].suffix}")
    assert [(row.action, row.changes, told(row.reason)) for row in plan.rows] == [("same", {}, "")] * 3


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("kind", [*FORMATS])
def test_seats_read_back_as_the_same(client, awkward, kind, language):
    for person in Contact.objects.all():
        work = person.affiliations.first()
        seat = make_seat(organisation=work.organisation if work else None)
        term = make_term(seat=seat, contact=person)
        body = term.seat.body
    client.force_login(make_user(Role.COMMUNICATIONS, language=language))
    response = client.get(reverse("body_export", args=[body.pk, kind]))
    plan = make_plan(response.content, f"export.{FORMATS[kind].suffix}")
    assert [(row.action, row.changes, told(row.reason)) for row in plan.rows] == [("same", {}, "")]


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("kind", [*FORMATS])
def test_recipients_of_a_mailing_read_back_as_the_same(client, awkward, news, kind, language):
    mailing = draft_of(news, *Contact.objects.all())
    client.force_login(make_user(Role.COMMUNICATIONS, language=language))
    response = client.get(reverse("mailing_export", args=[mailing.pk, kind]))
    plan = make_plan(response.content, f"export.{FORMATS[kind].suffix}")
    assert [(row.action, row.changes, told(row.reason)) for row in plan.rows] == [("same", {}, "")] * 3
