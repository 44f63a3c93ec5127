"""The department of a function: typed, imported, exported, found, put back and merged."""

import io
import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from crm.accounts.roles import Role
from crm.base.writers import FORMATS
from crm.contacts.models import Affiliation, Contact
from crm.directory.contacts.exports import contact_table
from crm.duplicates.merging import merge, undo
from crm.exchange.vcard import vcards
from crm.history.changes import changes_of
from crm.history.restoring import restore
from crm.imports import background, services
from crm.organisations.models import Organisation
from tests.crm.directory.contacts.test_views import form_data
from tests.crm.imports.plans import make_plan
from tests.factories import make_contact, make_organisation, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.same_on_both]


@pytest.fixture
def adviser(client: Client) -> Client:
    client.force_login(make_user(Role.COMMUNICATIONS))
    return client


def imported(text: str, name: str = "lijst.csv") -> Any:
    plan = make_plan(text.encode(), name)
    return background.apply_now(batch=services.store(plan=plan, by=make_user()))


def departments() -> list[str]:
    return [row.department for row in Affiliation.objects.order_by("pk")]


def jan(department: str = "ITC") -> Contact:
    saxion = Organisation.objects.filter(name="Saxion").first() or make_organisation("Saxion")
    contact = make_contact(organisation=saxion)
    contact.affiliations.update(department=department)
    return contact


def test_form_keeps_it_and_page_and_timeline_show_it(adviser):
    adviser.post(reverse("contact_new"), form_data(**{"affiliations-0-department": "Faculteit ITC"}))
    assert departments() == ["Faculteit ITC"]
    contact = Contact.objects.get()
    assert "Faculteit ITC" in adviser.get(contact.get_absolute_url()).content.decode()
    form = adviser.get(reverse("contact_edit", args=[contact.pk])).content.decode()
    assert 'value="Faculteit ITC"' in form


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.csv", "Naam;Organisatie;Afdeling;E-mail\nJan Bos;Saxion;ITC;jan@example.org\n"),
        # Outlook in both languages.
        (
            "a.csv",
            "First Name,Last Name,Company,Department,E-mail Address\nJan,Bos,Saxion,ITC,jan@example.org\n",
        ),
        ("a.csv", "Voornaam,Achternaam,Bedrijf,Afdeling,E-mailadres\nJan,Bos,Saxion,ITC,jan@example.org\n"),
        # Google, now.
        (
            "a.csv",
            "First Name,Last Name,Organization Name,Organization Department\nJan,Bos,Saxion,ITC\n",
        ),
        ("a.vcf", "BEGIN:VCARD\nVERSION:4.0\nFN:Jan Bos\nN:Bos;Jan;;;\nORG:Saxion;ITC\nEND:VCARD\n"),
    ],
)
def test_files_bring_it_in_and_undoing_takes_it_away(name, text):
    batch = imported(text, name)
    assert departments() == ["ITC"]
    assert {row.action for row in make_plan(text.encode(), name).rows} == {"same"}
    services.undo(batch=batch)
    background.work_through(batch)
    assert departments() == []


def test_file_fills_and_changes_it_and_undoing_puts_the_old_one_back():
    contact = jan()
    text = f"Naam;Organisatie;Afdeling;E-mail\n{contact};Saxion;BMS;{contact.email()}\n"
    batch = imported(text)
    assert batch.rows.get().changes == {"department": ["ITC", "BMS"]}
    assert departments() == ["BMS"]
    services.undo(batch=batch)
    background.work_through(batch)
    assert departments() == ["ITC"]


def test_without_an_organisation_it_is_said_that_it_is_not_kept():
    from_file = make_plan(b"Naam;Afdeling\nJan Bos;ITC\n", "lijst.csv").rows[0]
    assert ["row.job_without_place", {"fields": ["department"]}] in json.loads(json.dumps(from_file.reason))


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("kind", [*FORMATS, "vcard"])
def test_export_reads_back_as_the_same(kind, language):
    jan("ITC; Kartografie")
    people = Contact.objects.for_list()
    with translation.override(language):
        content = vcards(people) if kind == "vcard" else FORMATS[kind].write(contact_table(people, about=[]))
        suffix = "vcf" if kind == "vcard" else FORMATS[kind].suffix
        plan = make_plan(io.BytesIO(content).read(), f"a.{suffix}")
    assert [row.action for row in plan.rows] == ["same"]


def test_program_reads_and_writes_it(adviser):
    contact = jan()
    address = f"/api/v1/contacts/{contact.pk}/"
    rows = adviser.get(address).json()["affiliations"]
    assert rows[0]["department"] == "ITC"
    rows[0]["department"] = "BMS"
    adviser.patch(address, {"affiliations": rows}, content_type="application/json")
    assert departments() == ["BMS"]


def test_filter_and_column(adviser):
    contact = jan()
    make_contact()
    page = adviser.get(reverse("contact_list"), {"department": "itc"})
    assert [row.contact for row, _cells in page.context["table"]] == [contact]
    assert [(chip.key, chip.value) for chip in page.context["chips"]] == [("Department", "itc")]
    Affiliation.objects.update(ended_on=timezone.localdate() - timedelta(days=1))
    assert adviser.get(reverse("contact_list"), {"department": "itc"}).context["table"] == []


def test_history_tells_and_puts_back_and_a_merge_fills_what_lacks():
    with translation.override("en"):
        user, kept, gone = make_user(), jan(""), jan()
        row = kept.affiliations.get()
        row.department = "BMS"
        row.save()
        change = next(one for one in changes_of(kept) if one.what.endswith("department"))
        assert (change.old, change.new) == ("", "BMS")
        restore(subject=kept, change=change.key, actor=user)
        assert kept.affiliations.get().department == ""
        merged = merge(kept=kept, gone=gone, by=user)
        assert kept.affiliations.get().department == "ITC"
        undo(merged=merged, by=user)
        assert departments() == ["", "ITC"]
