"""What is said of an import is kept as codes, and read in the language of whoever reads it."""

import io
from typing import Any

import openpyxl
import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from crm.accounts.models import User
from crm.accounts.roles import Role
from crm.contacts.models import Contact, ContactPoint
from crm.imports import background, services
from crm.imports.models import ImportBatch
from crm.provenance.models import Provenance
from tests.factories import make_contact, make_organisation, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.same_on_both, pytest.mark.usefixtures("themes")]
# Every row says something: about a cell, a double, a stranger of that name, nobody.
FILE = (
    "Lijst van mei\n"
    "Naam;Organisatie;E-mail;O;Laatst gesproken;Labels\n"
    "Jan Bos;Saxion;jan@example.org;zorg;ooit;x" + "x" * 60 + "\n"
    "Jan Bos;TNO;jan@example.org;onderwijs;;\n"
    "Els Smit;Saxion;els.smit@example.org;;;\n"
    ";Saxion;info@example.org;;;\n"
)
SAID = {
    "en": [
        "1 line above the headings was left out.",
        "“ooit” is no date. “zorg” is none of the four O&#x27;s.",
        "is too long: a tag has at most 50 characters.",
        "The same person as in row 3.",
        "Perhaps Els Smit, who is known already. The same name at Saxion.",
        "There is no name in this row.",
    ],
    "nl": [
        "1 regel boven de kolomkoppen is weggelaten.",
        "“ooit” is geen datum. “zorg” is geen van de vier O’s.",
        "is te lang: een label heeft hoogstens 50 tekens.",
        "Dezelfde persoon als in rij 3.",
        "Misschien Els Smit, die al bekend is. Dezelfde naam bij Saxion.",
        "Er staat geen naam in deze rij.",
    ],
}
KEPT = {
    "en": "Kept, because it was changed since: telephone.",
    "nl": "Bewaard, omdat het sindsdien is gewijzigd: telefoon.",
}


def uploaded(by: User, text: str = FILE, name: str = "lijst.csv") -> ImportBatch:
    file = ContentFile(text.encode(), name=name)
    batch = services.upload(file=file, kind="contacts", sector="", by=by)
    return background.work_through(batch)


def read(batch: ImportBatch, language: str, role: Role = Role.ADMIN) -> str:
    client = Client()
    client.force_login(make_user(role, language=language))
    return client.get(batch.get_absolute_url()).content.decode()


@pytest.fixture
def els() -> Contact:
    return make_contact(
        given_name="Els", initials="", infix="", family_name="Smit", organisation=make_organisation("Saxion")
    )


@pytest.mark.parametrize(("writer", "reader"), [("nl", "en"), ("en", "nl"), ("nl", "nl")])
def test_plan_is_read_in_the_language_of_the_reader(els: Contact, writer: str, reader: str) -> None:
    page = read(uploaded(make_user(language=writer)), reader)
    for words in SAID[reader]:
        assert words in page
    other = {"nl": "en", "en": "nl"}[reader]
    assert [words for words in SAID[other] if words in page and words not in SAID[reader]] == []


@pytest.mark.parametrize(
    ("reader", "reason"), [("en", "There is no name in this row."), ("nl", "Er staat geen naam in deze rij.")]
)
def test_refused_rows_say_why_in_the_language_of_the_reader(els: Contact, reader: str, reason: str) -> None:
    batch = uploaded(make_user(language="en" if reader == "nl" else "nl"))
    client = Client()
    client.force_login(make_user(Role.ADMIN, language=reader))
    book = client.get(reverse("import_refused", args=[batch.pk])).content
    assert openpyxl.load_workbook(io.BytesIO(book)).worksheets[0].cell(2, 7).value == reason


@pytest.mark.parametrize(
    ("reader", "words"), [("en", "not a spreadsheet, whatever"), ("nl", "is geen spreadsheet, wat")]
)
def test_problem_is_read_in_the_language_of_the_reader(reader: str, words: str) -> None:
    batch = uploaded(make_user(language="en" if reader == "nl" else "nl"), "%PDF-1.7 x")
    assert (batch.state, batch.problem) == (
        ImportBatch.State.FAILED,
        [["file.no_text", {"about": "", "most": 0}]],
    )
    assert words in read(batch, reader)


@pytest.mark.parametrize(("writer", "reader"), [("nl", "en"), ("en", "nl")])
def test_what_undoing_kept_is_read_in_the_language_of_the_reader(writer: str, reader: str) -> None:
    batch = background.apply_now(
        batch=uploaded(make_user(language=writer), "Naam;E-mail\nJan Bos;j@example.org\n")
    )
    ContactPoint.objects.create(contact=Contact.objects.get(), kind="phone", value="+31534890000")
    services.undo(batch=batch)
    assert KEPT[reader] in read(background.work_through(batch), reader)


def _everything_kept(language: str) -> dict[str, Any]:
    """What an import from its reading to its undoing keeps, done under `language` by somebody who has it."""
    with override(language):
        batch = background.apply_now(batch=uploaded(make_user(language=language)))
        ContactPoint.objects.create(
            contact=Contact.objects.get(family_name="Bos"), kind="phone", value="+31534890000"
        )
        services.undo(batch=batch)
        batch = background.work_through(batch)
    rows = batch.rows.order_by("position")
    reasons = Contact.history.order_by("history_id").values_list("history_change_reason", flat=True)
    return {
        "remarks": batch.remarks,
        "rows": list(rows.values_list("reason", "kept", "changes")),
        "history": [reason for reason in reasons if reason],
    }


def test_the_same_is_kept_whatever_the_language(els: Contact) -> None:
    english = _everything_kept("en")
    Contact.objects.exclude(pk=els.pk).delete()
    ImportBatch.objects.all().delete()
    assert _everything_kept("nl") == english
    assert english["history"] == ['["file",{"name":"lijst.csv"}]']
    assert [codes for _reason, kept, _changes in english["rows"] for codes, _params in kept] == [
        "row.changed_since"
    ]


@pytest.mark.parametrize(("language", "source"), [("nl", "lijst.csv, rij 2"), ("en", "lijst.csv, row 2")])
def test_ledger_of_sources_keeps_the_language_of_whoever_brought_it(language: str, source: str) -> None:
    text = "Naam;E-mail\nJan Bos;j@example.org\n"
    background.apply_now(batch=uploaded(make_user(language=language), text))
    assert Provenance.objects.get().source == source


def test_list_of_addresses_is_kept_as_a_list() -> None:
    make_contact(given_name="Jan", infix="", family_name="Bos", email="jan@example.org")
    text = "Naam;E-mail;E-mail 2;Organisatie\nJan Bos;jan@example.org;b@example.org;Saxion\n"
    batch = uploaded(make_user(language="en"), text)
    row = batch.rows.get()
    assert row.changes["email"] == [["jan@example.org"], ["b@example.org"]]
    assert row.changes["organisation"] == [[], "Saxion"]
    page = read(batch, "en")
    assert "<del>jan@<wbr>example.org</del>" in page
    assert "<ins>b@<wbr>example.org</ins>" in page
