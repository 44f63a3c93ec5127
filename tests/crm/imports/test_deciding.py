"""Rows on which a person decides: they wait until one does, and two who decide are told."""

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from crm.accounts.models import User
from crm.accounts.roles import Role
from crm.contacts.models import Contact
from crm.imports import background, services
from crm.imports.applying.waiting import settle
from crm.imports.models import ImportBatch
from crm.imports.planning.deciding import Choice, decide, decide_all
from crm.imports.planning.plans import Plan
from tests.crm.imports.plans import apply, plan_text, stored
from tests.factories import make_contact, make_organisation, make_user

pytestmark = pytest.mark.django_db

# The first is known under another address, the second is new, the third is perhaps the second.
ROWS = (
    "Jan;Bos;Saxion;docent;jan@example.org;;;;\n"
    "Kim;Vos;Saxion;;;;;;\n"
    "K.;Vos;Saxion;lector;kim@example.org;;;;\n"
)


@pytest.fixture
def known() -> Contact:
    return make_contact(
        given_name="Jan", initials="", infix="", family_name="Bos", organisation=make_organisation("Saxion")
    )


@pytest.fixture
def actor() -> User:
    user = make_user(Role.ADMIN, language="en")
    User.objects.filter(pk=user.pk).update(name="Ilse")
    return User.objects.get(pk=user.pk)


@pytest.fixture
def admin(client: Client, actor: User) -> Client:
    client.force_login(actor)
    return client


def actions(plan: Plan) -> list[str]:
    return [row.action for row in plan.rows]


def emails(contact: Contact) -> set[str]:
    return {point.value for point in contact.contact_points.all()}


@pytest.mark.same_on_both
def test_row_that_waits_is_asked_again_when_the_file_is_read_again(known):
    assert actions(plan_text(ROWS)) == ["duplicate", "new", "duplicate"]
    for _time in range(2):
        apply(ROWS)
        assert actions(plan_text(ROWS)) == ["duplicate", "same", "duplicate"]
    assert "jan@example.org" not in emails(known)


@pytest.mark.same_on_both
@pytest.mark.parametrize(
    ("decision", "people", "again"),
    [("merge", 2, ["same", "same", "duplicate"]), ("take", 3, ["same", "same", "duplicate"])],
)
def test_what_was_decided_is_not_asked_again(known, actor, decision, people, again):
    batch = stored(ROWS)
    decide(batch=batch, choices={1: Choice(decision, known.pk if decision == "merge" else None)}, by=actor)
    background.apply_now(batch=batch)
    assert Contact.objects.count() == people
    assert actions(plan_text(ROWS)) == again


@pytest.mark.same_on_both
def test_row_that_says_more_than_what_was_decided_is_asked(known, actor):
    row = "Jan;Bos;Saxion;docent;;;;;\n"
    batch = stored(row)
    decide(batch=batch, choices={1: Choice("fill", known.pk)}, by=actor)
    background.apply_now(batch=batch)
    assert known.affiliations.get().job_title == "director"
    assert actions(plan_text(row)) == ["same"]
    assert actions(plan_text(row.replace("docent", "lector"))) == ["duplicate"]


@pytest.mark.same_on_both
def test_decision_of_an_import_that_was_undone_counts_no_more(known, actor):
    batch = stored("Kim;Vos;Saxion;;kim@example.org;;;;\n" + ROWS.splitlines(keepends=True)[0])
    decide(batch=batch, choices={2: Choice("merge", known.pk)}, by=actor)
    services.undo(batch=background.apply_now(batch=batch))
    background.work_through(batch)
    assert actions(plan_text(ROWS))[0] == "duplicate"


def test_row_is_decided_after_the_others_were_applied_and_undone_like_them(known, admin):
    batch = apply(ROWS)
    page = admin.get(batch.get_absolute_url()).content.decode()
    assert "2 possible duplicates still wait for somebody to decide." in page
    address = reverse("import_decide", args=[batch.pk])
    typed = {"seen-1": "", "choice-1": f"merge {known.pk}", "seen-3": "", "choice-3": ""}
    assert admin.post(address, typed).status_code == 302
    assert "jan@example.org" in emails(known)
    assert [row.position for row in batch.rows.to_decide()] == [3]
    kim = Contact.objects.get(family_name="Vos")
    admin.post(address, {"seen-3": "", "choice-3": f"merge {kim.pk}"})
    assert emails(kim) == {"kim@example.org"}
    assert not ImportBatch.objects.undecided().exists()
    services.undo(batch=batch)
    background.work_through(batch)
    assert "jan@example.org" not in emails(known)
    assert not Contact.objects.filter(pk=kim.pk).exists()


def test_decided_and_applied_row_is_not_decided_anew(known, actor):
    batch = apply(ROWS)
    settle(batch=batch, choices={1: Choice("take")}, by=actor)
    decided = settle(batch=batch, choices={1: Choice("merge", known.pk)}, by=make_user())
    assert [row.position for row in decided.meanwhile] == [1]
    assert Contact.objects.filter(family_name="Bos").count() == 2
    with pytest.raises(services.NotPlanned), transaction.atomic():
        settle(batch=stored(ROWS), choices={1: Choice("skip")}, by=actor)


@pytest.mark.same_on_both
def test_second_of_two_who_decide_is_told_and_the_first_one_holds(known, admin, actor):
    batch = stored(ROWS)
    decide(batch=batch, choices={1: Choice("skip", seen="")}, by=actor)
    other = Client()
    other.force_login(make_user(Role.ADMIN, language="en"))
    typed = {"seen-1": "", "choice-1": f"merge {known.pk}", "seen-3": "", "choice-3": "take"}
    page = other.post(reverse("import_decide", args=[batch.pk]), typed, follow=True).content.decode()
    assert "Row 2: Ilse chose “skip” while this page was open." in page
    assert [row.choice for row in batch.rows.order_by("position")] == ["skip", "", "take"]
    assert "Ilse decided: skip." in page


@pytest.mark.same_on_both
def test_rows_left_as_they_stood_on_an_old_page_overwrite_nothing(known, admin, actor):
    batch = stored(ROWS)
    decide(batch=batch, choices={1: Choice("skip", seen="")}, by=make_user())
    page = admin.post(
        reverse("import_decide", args=[batch.pk]), {"seen-1": "", "choice-1": ""}, follow=True
    ).content.decode()
    assert batch.rows.get(position=1).choice == "skip"
    assert "while this page was open" not in page


@pytest.mark.same_on_both
def test_nothing_is_applied_with_a_choice_that_was_overtaken(known, admin, actor):
    batch = stored(ROWS)
    decide(batch=batch, choices={1: Choice("skip", seen="")}, by=make_user())
    admin.post(reverse("import_apply", args=[batch.pk]), {"seen-1": "", "choice-1": "take"})
    batch.refresh_from_db()
    assert (batch.state, batch.rows.get(position=1).choice) == ("planned", "skip")
    admin.post(reverse("import_apply", args=[batch.pk]), {"seen-1": "skip", "choice-1": "take"})
    batch.refresh_from_db()
    assert (batch.state, batch.rows.get(position=1).choice) == ("queued", "take")


def test_choice_for_all_leaves_what_somebody_else_decided(known, admin, actor):
    batch = stored(ROWS)
    decide(batch=batch, choices={1: Choice("merge", known.pk)}, by=make_user())
    assert decide_all(batch=batch, action="duplicate", decision="skip", by=actor) == 1
    assert [row.choice for row in batch.rows.order_by("position")] == [f"merge {known.pk}", "", "skip"]
    page = admin.post(
        reverse("import_decide", args=[batch.pk]), {"action": "duplicate", "all": "take"}, follow=True
    ).content.decode()
    assert "1 row stays as somebody else decided." in page


@pytest.mark.same_on_both
def test_figure_counts_the_rows_that_say_perhaps_and_no_others(known, admin):
    batch = stored(ROWS + "Jan;Kok;TNO;;jan.kok@example.org;;;;\n" * 3)
    page = admin.get(batch.get_absolute_url())
    figures = {figure.action: figure.number for figure in page.context["figures"]}
    assert figures == {"": 6, "new": 2, "changed": 0, "same": 0, "repeated": 2, "duplicate": 2, "refused": 0}
    text = page.content.decode()
    assert text.count("Perhaps ") == text.count("A person must decide.") == 2
    assert page.context["to_decide"] == 2


@pytest.mark.parametrize("decision", ["x", "", "\x00"])
@pytest.mark.parametrize("action", ["duplicate", "new", "same", "\x00"])
def test_what_is_no_choice_is_not_kept_for_all(known, admin, action, decision):
    batch = stored(ROWS)
    answer = admin.post(reverse("import_decide", args=[batch.pk]), {"action": action, "all": decision})
    assert answer.status_code == 400
    assert not batch.rows.exclude(decision="").exists()
