"""Applying: once, in pieces, after a kill, with two workers, when the world changed meanwhile."""

import threading
import time
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from crm.base import happenings, jobs
from crm.contacts.models import Contact
from crm.imports import background, reading_files, services
from crm.imports.applying import contacts as contact_writing
from crm.imports.applying import pieces as applying
from crm.imports.models import ImportBatch
from crm.imports.planning import plans as planning
from crm.imports.planning.deciding import Choice, decide
from crm.organisations.models import Organisation
from crm.preferences.models import ConsentRecord, Preference
from crm.preferences.services import record_consent
from crm.timeline.models import TimelineEntry
from tests.crm.imports.plans import JAN, apply, make_plan, plan_text, stored
from tests.factories import make_contact, make_organisation, make_user

pytestmark = pytest.mark.usefixtures("themes")


def many(number: int) -> str:
    return "".join(f"Jan;Bos{n};Saxion;docent;jan{n}@example.org;onderwijs;ja;nee;\n" for n in range(number))


@pytest.mark.django_db
def test_contact_gets_everything_the_row_says() -> None:
    batch = apply(JAN)
    contact = Contact.objects.get()
    affiliation = contact.affiliations.get()
    assert (contact.email(), affiliation.job_title, affiliation.sector) == (
        "jan@example.org",
        "docent",
        "education",
    )
    assert affiliation.organisation.sector_list() == ["education"]
    records = {record.purpose: record for record in ConsentRecord.objects.all()}
    assert (records["invitation"].allowed, records["invitation"].wording) == (True, "Uitnodigen: ja")
    assert (records["newsletter"].allowed, records["newsletter"].source) == (False, "import")
    assert "2" in records["newsletter"].source_detail
    entry = TimelineEntry.objects.get(contact=contact)
    assert (entry.kind, entry.about_kind, entry.about_key) == ("import.created", "import", str(batch.pk))


@pytest.mark.django_db
def test_changed_row_shows_and_writes_each_field() -> None:
    apply(JAN)
    row = plan_text("Jan;Bos;Saxion;lector;jan@example.org;onderzoek;ja;ja;2026-05-01\n").rows[0]
    assert (row.action, row.changes) == (
        "changed",
        {
            "job_title": ["docent", "lector"],
            "sector": ["education", "research"],
            "last_spoken": ["2026-03-01", "2026-05-01"],
        },
    )
    apply("Jan;Bos;Saxion;lector;jan@example.org;onderzoek;ja;ja;2026-05-01\n")
    contact = Contact.objects.get()
    affiliation = contact.affiliations.get()
    assert (affiliation.job_title, affiliation.sector) == ("lector", "research")
    assert affiliation.organisation.sector_list() == ["education"]
    assert str(contact.told_heard_on) == "2026-05-01"
    assert not Preference.objects.get(purpose="newsletter").allowed


@pytest.mark.django_db
def test_yes_in_a_file_never_replaces_a_no_and_says_so() -> None:
    apply(JAN)
    contact = Contact.objects.get()
    record_consent(contact=contact, purpose="invitation", allowed=False, source="staff")
    row = plan_text(JAN).rows[0]
    assert row.action == "same"
    assert row.reason
    apply(JAN)
    assert not Preference.objects.get(purpose="invitation").allowed


@pytest.mark.django_db
def test_no_in_a_file_replaces_a_yes() -> None:
    apply(JAN)
    apply(JAN.replace(";ja;", ";niet uitnodigen;"))
    assert not Preference.objects.get(purpose="invitation").allowed


@pytest.mark.django_db
def test_last_heard_never_moves_back() -> None:
    apply(JAN)
    assert plan_text(JAN.replace("2026-03-01", "2025-01-01")).rows[0].action == "same"


@pytest.mark.django_db
def test_shared_address_never_makes_two_people_one() -> None:
    rows = JAN + JAN.replace("Jan;Bos", "Els;Bos") + JAN.replace("Jan;Bos", "Jan;Bakker")
    assert [row.action for row in plan_text(rows).rows] == ["new", "new", "new"]
    apply(rows)
    assert Contact.objects.count() == 3
    assert [row.action for row in plan_text(rows).rows] == ["same", "same", "same"]


@pytest.mark.django_db
def test_later_row_of_the_same_person_fills_gaps_and_overwrites_nothing() -> None:
    rows = (
        JAN + "Jan;Bos;Saxion;directeur;jan@example.org;;;;\n" + "J.;Bos;TNO;adviseur;jan@example.org;;;;\n"
    )
    assert [row.action for row in plan_text(rows).rows] == ["new", "repeated", "repeated"]
    apply(rows)
    contact = Contact.objects.get()
    jobs = {(job.organisation.name, job.job_title) for job in contact.affiliations.all()}
    assert jobs == {("Saxion", "docent"), ("TNO", "adviseur")}
    assert contact.initials == "J."
    assert [row.action for row in plan_text(rows).rows] == ["same", "same", "same"]


@pytest.mark.django_db
def test_namesake_without_addresses_is_for_a_person_to_decide() -> None:
    make_contact(given_name="Jan", infix="", family_name="Bos", organisation=make_organisation("Saxion"))
    row = plan_text("Jan;Bos;Saxion;docent;;;;;\n").rows[0]
    assert (row.action, row.changes) == ("duplicate", {})
    apply("Jan;Bos;Saxion;docent;;;;;\n")
    assert Contact.objects.count() == 1


@pytest.mark.django_db
def test_existing_organisation_keeps_its_name_and_sectors() -> None:
    make_organisation("Gemeente Hengelo", "government")
    apply("Els;Smit;Hengelo;;els@example.org;onderwijs;;;\n")
    organisation = Organisation.objects.get()
    assert (organisation.name, organisation.sector_list()) == ("Gemeente Hengelo", ["government"])


@pytest.mark.django_db
@pytest.mark.parametrize("size", [1, 2, 2000])
def test_parts_that_are_written_one_by_one_make_no_difference(
    monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr(contact_writing, "PART", size)
    make_contact(given_name="Mia", initials="", infix="", family_name="Vos", email="mia@example.org")
    apply(
        "Jan;Bos;Saxion;docent;jan@example.org;onderwijs;ja;nee;2026-03-01\n"
        "Piet;Kok;Saxion;;piet@example.org;;;ja;\n"
        "Mia;Vos;Saxion;;mia@example.org;;ja;;\n"
        "Jan;Bos;Novel-T;adviseur;jan@example.org;ondernemers;;ja;2026-04-01\n"
        "Mia;Vos;Saxion;lector;mia@example.org;onderzoek;nee;;\n"
        ";Bos;Saxion;;;;;;\n"
    )
    people = {}
    for contact in Contact.objects.exclude(given_name=""):
        jobs = contact.affiliations.order_by("organisation__name")
        answers = contact.preferences.order_by("purpose")
        people[contact.given_name] = (
            list(jobs.values_list("organisation__name", "job_title", "sector")),
            dict(answers.values_list("purpose", "allowed")),
            str(contact.last_heard_on or ""),
        )
        assert set(contact.search_document.text.split()) >= {"saxion", contact.email()}
    assert people == {
        "Jan": (
            [("Novel-T", "adviseur", "entrepreneurs"), ("Saxion", "docent", "education")],
            {"invitation": True, "newsletter": False},
            "2026-04-01",
        ),
        "Piet": ([("Saxion", "", "")], {"newsletter": True}, ""),
        "Mia": ([("Saxion", "lector", "research")], {"invitation": False}, ""),
    }
    assert sorted(Organisation.objects.values_list("name", flat=True)) == ["Novel-T", "Saxion"]


@pytest.mark.django_db
def test_slices_of_planning_go_on_behind_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_files, "PIECE", 2)
    monkeypatch.setattr(planning, "PIECE", 2)
    make_contact(given_name="Mia", initials="", infix="", family_name="Vos", email="mia@example.org")
    rows = (
        "Voornaam;Achternaam;Organisatie;Functie;E-mail\n"
        "Jan;Bos;Saxion;docent;jan@example.org\n"
        "Mia;Vos;;;mia@example.org\n"
        "Piet;Kok;;;piet@example.org\n"
        "Mia;Vos;Saxion;lector;mia@example.org\n"
        "Jan;Bos;Novel-T;;jan@example.org\n"
        "Kim;Vos;Saxion;;\n"
        "Mia;Vos;Saxion;lector;\n"
        "Jan;Bos;Novel-T;adviseur;\n"
    )
    file = ContentFile(rows.encode(), name="lijst.csv")
    batch = services.upload(file=file, kind="", sector="", by=make_user())
    monkeypatch.setattr(jobs, "SLICE", timedelta(0))
    # Reading back what was planned may lengthen a slice, so it takes four of them at most.
    finished = [background.work() for _slice in range(4)]
    assert (finished[0], sum(finished)) == (0, 1)
    batch.refresh_from_db()
    assert (batch.state, batch.planned_to) == (ImportBatch.State.PLANNED, 8)
    told = batch.rows.order_by("position").values_list("action", "repeats")
    in_one = make_plan(rows.encode(), "lijst.csv").rows
    assert list(told) == [(row.action, row.repeats and row.repeats.position) for row in in_one]
    assert {action for action, _repeats in told} >= {"new", "same", "repeated", "duplicate"}


@pytest.mark.django_db
def test_person_of_whom_somebody_says_that_it_is_another_one_is_taken() -> None:
    make_contact(given_name="Jan", initials="", infix="", family_name="Bos", email=None)
    batch = stored("Jan;Bos;;;jan@example.org;;;;\n")
    assert batch.rows.get().is_asked
    decide(batch=batch, choices={1: Choice("take")}, by=make_user())
    background.apply_now(batch=batch)
    assert batch.rows.get().action == "duplicate"
    assert Contact.objects.count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("row", "action"),
    [
        ("Jan;Bos;;;jan@example.org;053-4801234;;;\n", "changed"),  # the given name is the same in full
        ("J.;Bos;;;jan@example.org;053-4801234;;;\n", "new"),  # a namesake behind the same switchboard
        ("J.;Bos;;;;053-4801234;;;\n", "changed"),  # nothing says that it is another one
        ("J.;Bos;;;jan@example.org;0612345678;;;\n", "changed"),  # a mobile is one person's own
    ],
)
def test_shared_telephone_number_decides_only_where_the_address_does_not_differ(
    row: str, action: str
) -> None:
    jan = make_contact(given_name="Jan", initials="", infix="", family_name="Bos", email="bos@example.org")
    jan.contact_points.create(kind="phone", value="+31534801234")
    jan.contact_points.create(kind="mobile", value="+31612345678")
    headings = "Voornaam;Achternaam;Organisatie;Functie;E-mail;Telefoon;Uitnodigen;Nieuwsbrief;x\n"
    plan = make_plan((headings + row).encode(), "lijst.csv")
    assert [planned.action for planned in plan.rows] == [action]


@pytest.mark.django_db
def test_row_with_a_text_that_does_not_fit_is_refused() -> None:
    plan = plan_text(f"Jan;Bos;Saxion;{'x' * 151};jan@example.org;;;;\n")
    assert plan.rows[0].action == "refused"


@pytest.mark.django_db
def test_batch_is_decided_once() -> None:
    batch = stored(JAN)
    services.queue(batch=batch)
    with pytest.raises(services.NotPlanned):
        services.queue(batch=batch)
    with pytest.raises(services.NotPlanned):
        services.discard(batch=batch)
    assert background.work() == 1
    assert background.work() == 0


@pytest.mark.django_db
def test_discarded_plan_leaves_nothing() -> None:
    batch = stored(JAN)
    services.discard(batch=batch)
    assert (batch.rows.count(), Contact.objects.count(), background.work()) == (0, 0, 0)


class Killed(BaseException):
    """What SIGKILL is to a transaction: nothing catches it."""


@pytest.mark.django_db
def test_batch_of_a_killed_worker_is_finished_by_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(applying, "PIECE", 50)
    batch = stored(many(120))
    services.queue(batch=batch)
    leave, left = happenings.tell_all, 0

    def dying(*args: Any, **words: Any) -> None:
        nonlocal left
        left += 1
        if left == 2:
            raise Killed
        leave(*args, **words)

    with monkeypatch.context() as patch:
        patch.setattr(contact_writing, "tell_all", dying)
        with pytest.raises(Killed):
            background.work()
    assert Contact.objects.count() == 50
    assert background.work() == 0  # the claim of the dead worker still stands
    ImportBatch.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
    assert background.work() == 1
    assert Contact.objects.count() == TimelineEntry.objects.count() == 120


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_write_every_row_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(applying, "PIECE", 20)
    batch = stored(many(150))
    services.queue(batch=batch)
    ImportBatch.objects.update(state="applying")  # both hold it, as when a lease ran out

    def work() -> None:
        more = True
        while more:
            try:
                lease = timezone.now() + timedelta(seconds=60)
                more = applying.apply_piece(batch.pk, lease)
            except OperationalError:
                time.sleep(0.01)  # SQLite in memory does not wait for a lock, a file does
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert Contact.objects.count() == TimelineEntry.objects.count() == 150
    batch.refresh_from_db()
    assert batch.state == "applied"


@pytest.mark.django_db(transaction=True)
def test_queue_rings_after_the_commit(monkeypatch: pytest.MonkeyPatch) -> None:
    rung: list[str] = []
    monkeypatch.setattr("crm.base.doorbell._send", lambda task, seconds: rung.append(task))
    batch = stored(JAN)
    with transaction.atomic():
        services.queue(batch=batch)
        assert rung == []
    assert rung == ["tasks.imports.work"]
