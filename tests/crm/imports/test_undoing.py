"""Undo: everything that an import did and nothing that somebody did since, which is told in words."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from crm.accounts.roles import Role
from crm.base import jobs
from crm.base.parts import delete_with_parts
from crm.base.said import told
from crm.contacts.models import Affiliation, Contact, ContactPoint
from crm.contacts.search_documents import SearchDocument
from crm.duplicates.merging import merge, undo
from crm.imports import background, services
from crm.imports.models import ImportBatch, ImportRow
from crm.imports.undoing import pieces as undoing
from crm.organisations.models import Organisation
from crm.preferences.models import ConsentRecord, Preference
from crm.preferences.services import record_consent
from crm.provenance.models import Provenance
from crm.themes.models import Theme
from crm.timeline.models import TimelineEntry
from tests.crm.imports.plans import make_plan
from tests.factories import happened, make_contact, make_organisation, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("themes")]
HEADINGS = (
    "Voornaam;Achternaam;Organisatie;Functie;E-mail;Mobiel;O;Thema;Uitnodigen;Nieuwsbrief;Laatst gesproken\n"
)
JAN = "Jan;Bos;Saxion;docent;jan@example.org;0612345678;onderwijs;Duurzaamheid;ja;nee;2026-03-01\n"


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


def applied(rows: str, headings: str = HEADINGS, **options: str) -> ImportBatch:
    plan = make_plan((headings + rows).encode(), "lijst.csv", **options)
    return background.apply_now(batch=services.store(plan=plan, by=make_user()))


def undone(batch: ImportBatch) -> ImportBatch:
    services.undo(batch=batch)
    return background.work_through(batch)


def everything() -> dict[str, list[Any]]:
    """All that is known of people and organisations, but for keys and times of what was made anew."""
    people = Contact.objects.order_by("pk")
    return {
        "people": list(
            people.values("pk", "given_name", "initials", "family_name", "language", "last_heard_on")
        ),
        "points": sorted(ContactPoint.objects.values_list("contact", "kind", "value")),
        "jobs": sorted(Affiliation.objects.values_list("contact", "organisation", "job_title", "sector")),
        "organisations": sorted(Organisation.objects.values_list("pk", "name", "city", "external_id")),
        "themes": sorted(Contact.themes.through.objects.values_list("contact", "theme")),
        "answers": sorted(Preference.objects.values_list("contact", "purpose", "allowed")),
        "found by": sorted(SearchDocument.objects.values_list("contact", "text")),
    }


@pytest.fixture
def els() -> Contact:
    els = make_contact(
        given_name="Els",
        initials="",
        infix="",
        family_name="Smit",
        email="els@example.org",
        organisation=make_organisation("TNO", "research"),
    )
    els.themes.add(Theme.objects.get(name_nl="Financiering"))
    record_consent(contact=els, purpose="invitation", allowed=True, source="form")
    return els


CHANGING = (
    "Els;Smit;TNO;adviseur;els@example.org;0687654321;onderwijs;Duurzaamheid;nee;ja;2026-05-01\n"
    "Els;Smit;Saxion;docent;els@example.org;;;;;;\n"
)


def test_undone_import_leaves_everything_as_it_was(els: Contact) -> None:
    before = everything()
    batch = undone(applied(JAN + CHANGING))
    assert everything() == before
    assert batch.state == "undone"
    assert [row.kept for row in batch.rows.all()] == [[], [], []]
    assert all(row.undone_at for row in batch.rows.all())
    assert Provenance.objects.count() == 0
    assert not TimelineEntry.objects.exclude(contact=els).exists()
    assert not Contact.history.exclude(id=els.pk).exists()


def test_what_the_ledger_holds_stays_and_the_answer_before_is_in_force(els: Contact) -> None:
    undone(applied(CHANGING))
    assert Preference.objects.get(contact=els).allowed is True
    assert ConsentRecord.objects.filter(contact=els, source="import").count() == 2
    assert ConsentRecord.objects.filter(contact=els).first().source == "undo"


def test_field_that_was_changed_since_is_kept_and_listed(els: Contact) -> None:
    batch = applied(CHANGING)
    Affiliation.objects.filter(contact=els, organisation__name="TNO").update(job_title="voorzitter")
    record_consent(contact=els, purpose="newsletter", allowed=False, source="form")
    batch = undone(batch)
    first = batch.rows.get(position=1)
    assert told(first.kept) == "Kept, because it was changed since: job title, newsletter."
    assert els.affiliations.get().job_title == "voorzitter"
    assert Preference.objects.get(contact=els, purpose="newsletter").allowed is False
    assert [point.value for point in els.contact_points.all()] == ["els@example.org"]


def test_name_that_somebody_edited_since_is_kept_and_listed(els: Contact) -> None:
    headings, row = "Voorletters;" + HEADINGS, "E.M.;Els;Smit;TNO;;els@example.org;;;;;;\n"
    batch = applied(row, headings)
    Contact.objects.update(initials="E.")
    batch = undone(batch)
    assert (Contact.objects.get().initials, told(batch.rows.get().kept)) == (
        "E.",
        "Kept, because it was changed since: initials.",
    )


def _gives_another_job(contact: Contact) -> None:
    contact.affiliations.update(job_title="lector")


def _adds_a_number(contact: Contact) -> None:
    ContactPoint.objects.create(contact=contact, kind="phone", value="+31534890000")


def _writes_a_note(contact: Contact) -> None:
    happened("contact.changed", contact, words={"by": "Els"})


def _answers(contact: Contact) -> None:
    record_consent(contact=contact, purpose="interview", allowed=False, source="form")


@pytest.mark.parametrize("change", [_gives_another_job, _adds_a_number, _writes_a_note, _answers])
def test_newcomer_with_whom_somebody_did_something_stays_and_it_is_told(change: Any) -> None:
    batch = applied(JAN)
    change(Contact.objects.get())
    batch = undone(batch)
    assert Contact.objects.count() == Organisation.objects.count() == 1
    assert told(batch.rows.get().kept).startswith("Kept")


def test_newcomer_who_was_merged_into_another_since_stays_and_it_is_told_where(client: Client) -> None:
    batch = applied("Jan;Bos;Saxion;docent;jan@example.org;;;;;;\n")
    jan, user = Contact.objects.get(), make_user(Role.ADMIN, language="en")
    known = make_contact(given_name="Johan", initials="", infix="", family_name="Bos")
    merge(kept=known, gone=Contact.objects.exclude(pk=known.pk).get(), by=user)
    batch = undone(batch)
    fields = "given name, family name, e-mail, organisation, job title"
    kept = told(batch.rows.get().kept)
    assert kept.startswith(f"Kept, because it was merged into Johan Bos since: {fields}.")
    assert kept.endswith("The organisation is kept, because of functions of people.")
    assert [job.organisation.name for job in known.affiliations.all()] == ["Saxion"]
    assert not Contact.objects.filter(pk=jan.pk).exists()
    client.force_login(user)
    page = client.get(batch.get_absolute_url()).content.decode()
    assert f'merged since into <a href="{known.get_absolute_url()}">Johan Bos</a>' in page
    assert f"merged into Johan Bos since: {fields}." in page


def test_who_was_merged_twice_since_is_told_of_as_who_stays_now(els: Contact) -> None:
    batch, user = applied(CHANGING), make_user()
    second, third = make_contact(family_name="Twee"), make_contact(family_name="Drie")
    merge(kept=second, gone=els, by=user)
    merge(kept=third, gone=second, by=user)
    first = undone(batch).rows.get(position=1)
    assert told(first.kept).startswith(f"Kept, because it was merged into {third} since: mobile, job title,")


def test_newcomer_into_whom_another_was_merged_stays_and_it_is_told() -> None:
    batch = applied("Jan;Bos;;;jan@example.org;;;;;;\n")
    jan, user = Contact.objects.get(), make_user()
    merge(kept=jan, gone=make_contact(family_name="Bos", infix=""), by=user)
    assert told(undone(batch).rows.get().kept) == (
        "Kept, because another one was merged into it since: given name, family name, e-mail."
    )
    assert Contact.objects.get() == jan


def test_merge_that_was_undone_is_not_told_of_when_the_contact_is_gone() -> None:
    batch = applied("Jan;Bos;;;jan@example.org;;;;;;\n")
    jan, user = Contact.objects.get(), make_user()
    undo(merged=merge(kept=make_contact(), gone=jan, by=user), by=user)
    delete_with_parts(Contact, [jan.pk])
    ImportRow.objects.update(contact=jan.pk)  # deleting forgets it
    assert told(undone(batch).rows.get().kept) == "The contact is not there any more."


def test_organisation_that_was_merged_since_stays_and_it_is_told_where() -> None:
    rows = "GM0153;Gemeente Enschede;Enschede\n"
    batch = applied(rows, "Code GM;Naam organisatie;Plaats\n", kind="organisations", sector="government")
    gone = Organisation.objects.get()
    merge(kept=make_organisation("Stad Enschede"), gone=gone, by=make_user())
    assert told(undone(batch).rows.get().kept) == (
        "Kept, because it was merged into Stad Enschede since: sector, name, code elsewhere, city."
    )


def test_organisation_that_is_used_by_others_stays() -> None:
    batch = applied(JAN)
    make_contact(organisation=Organisation.objects.get())
    batch = undone(batch)
    assert Organisation.objects.count() == 1
    assert "organisation is kept, because of functions of people." in told(batch.rows.get().kept)


def test_chosen_row_takes_those_that_repeat_it_along() -> None:
    batch = applied(JAN + "Jan;Bos;TNO;adviseur;jan@example.org;;;;;;\nEls;Smit;;;e@example.org;;;;;;\n")
    rows = undoing.undo_chosen(batch=batch, positions=[1])
    assert sorted(row.position for row in rows) == [1, 2]
    assert [str(contact) for contact in Contact.objects.all()] == ["Els Smit"]
    assert undoing.undo_chosen(batch=batch, positions=[1]) == []


def test_two_answers_of_one_file_are_both_taken_back() -> None:
    els = make_contact(given_name="Els", infix="", family_name="Smit", email="e@example.org")
    batch = applied("Els;Smit;;;e@example.org;;;;;ja;\nEls;Smit;;;e@example.org;;;;;nee;\n")
    assert Preference.objects.get(contact=els).allowed is False
    batch = undone(batch)
    assert [row.kept for row in batch.rows.all()] == [[], []]
    assert not Preference.objects.exists()


ANSWER = "Els;Smit;TNO;;els@example.org;;;;{answer};;\n"


def test_no_of_a_later_file_with_the_same_name_stands_when_the_first_is_undone() -> None:
    make_contact(given_name="Els", infix="", family_name="Smit", email="els@example.org")
    first = applied(ANSWER.format(answer="ja"))
    second = applied(ANSWER.format(answer="nee"))
    first = undone(first)
    assert Preference.objects.get(purpose="invitation").allowed is False
    assert "may be invited" in told(first.rows.get().kept)
    assert undone(second).rows.get().kept == []
    assert Preference.objects.get(purpose="invitation").allowed is True


def test_answers_of_two_files_are_taken_back_one_after_the_other() -> None:
    make_contact(given_name="Els", infix="", family_name="Smit", email="els@example.org")
    first, second = applied(ANSWER.format(answer="ja")), applied(ANSWER.format(answer="nee"))
    assert undone(second).rows.get().kept == []
    assert Preference.objects.get(purpose="invitation").allowed is True
    assert undone(first).rows.get().kept == []
    assert not Preference.objects.exists()


def test_half_applied_import_is_undone_as_far_as_it_went(monkeypatch: pytest.MonkeyPatch) -> None:
    many = "".join(f"Jan;Bos{n};;;jan{n}@example.org;;;;;;\n" for n in range(30))
    batch = services.store(plan=make_plan((HEADINGS + many).encode(), "lijst.csv"), by=make_user())
    monkeypatch.setattr("crm.imports.applying.pieces.PIECE", 10)
    monkeypatch.setattr(jobs, "SLICE", timedelta(0))
    services.queue(batch=batch)
    background.work()
    services.pause(batch=batch)
    assert Contact.objects.count() == 10
    monkeypatch.undo()
    assert background.work() == 0
    undone(batch)
    assert Contact.objects.count() == 0


def test_list_of_organisations_is_undone() -> None:
    known = make_organisation("Gemeente Hengelo", "government")
    headings = "Code GM;Naam organisatie;Plaats\n"
    rows = "GM0164;Hengelo;Hengelo\nGM0153;Gemeente Enschede;Enschede\n"
    before = everything()
    batch = applied(rows, headings, kind="organisations", sector="government")
    known.refresh_from_db()
    assert (known.external_id, known.city, Organisation.objects.count()) == ("GM0164", "Hengelo", 2)
    batch = undone(batch)
    assert everything() == before
    assert [row.kept for row in batch.rows.all()] == [[], []]


def test_organisation_changed_since_stays() -> None:
    headings = "Code GM;Naam organisatie;Plaats\n"
    batch = applied(
        "GM0153;Gemeente Enschede;Enschede\n", headings, kind="organisations", sector="government"
    )
    Organisation.objects.update(city="Elders")
    assert "city" in told(undone(batch).rows.get().kept)
    assert Organisation.objects.count() == 1
