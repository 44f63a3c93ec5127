"""The two contact lists of the corpus, read, planned, applied and read again."""

import json
from pathlib import Path
from typing import Any

import pytest

from crm.base.said import told
from crm.contacts.models import Affiliation, Contact, ContactPoint
from crm.imports.background import apply_now
from crm.imports.planning.plans import Plan
from crm.imports.services import store
from crm.organisations.models import Organisation
from crm.preferences.models import ConsentRecord, Preference
from crm.timeline.models import TimelineEntry
from tests.crm.imports.plans import make_plan

FILES = ["csv_cp1252.csv", "xlsx_fullname.xlsx"]

pytestmark = [pytest.mark.django_db, pytest.mark.same_on_both, pytest.mark.usefixtures("themes")]


def plan_of(corpora: Path, name: str) -> tuple[Plan, list[dict[str, Any]]]:
    file = corpora / "relatiebestand" / name
    expected = json.loads(file.with_name(f"{file.stem}.expected.json").read_text())
    return make_plan(file.read_bytes(), file.name), expected


def everything() -> dict[str, int]:
    models: list[Any] = [
        Contact,
        ContactPoint,
        Affiliation,
        Organisation,
        Preference,
        ConsentRecord,
        TimelineEntry,
    ]
    return {model.__name__: model.objects.count() for model in models}


def wrong_fields(values: dict[str, Any], wanted: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    compared = {name: value for name, value in wanted.items() if name not in ("repeat_of", "action")}
    return {name: (value, values[name]) for name, value in compared.items() if values[name] != value}


@pytest.mark.parametrize("name", FILES)
def test_every_field_of_every_row_is_right(corpora: Path, name: str) -> None:
    plan, expected = plan_of(corpora, name)
    assert len(plan.rows) == len(expected)
    wrong = [
        (row.number, differing)
        for row, wanted in zip(plan.rows, expected, strict=True)
        if (differing := wrong_fields(row.values, wanted))
    ]
    share = 1 - len(wrong) / len(expected)
    print(f"{name}: {share:.1%} of {len(expected)} rows have every field right")
    assert wrong == []


@pytest.mark.parametrize("name", FILES)
def test_actions_follow_repeats_and_refusals(corpora: Path, name: str) -> None:
    plan, expected = plan_of(corpora, name)
    for row, wanted in zip(plan.rows, expected, strict=True):
        again = "duplicate" if row.could_be else "repeated"
        assert row.action == wanted.get("action", again if "repeat_of" in wanted else "new"), row
        if "repeat_of" in wanted:
            earlier = plan.rows[wanted["repeat_of"]]
            assert row.repeats is earlier
            assert str(earlier.number) in told(row.reason)


@pytest.mark.parametrize("name", FILES)
def test_applied_once_it_is_complete_and_again_nothing_changes(corpora: Path, name: str) -> None:
    plan, expected = plan_of(corpora, name)
    apply_now(batch=store(plan=plan))
    people = [wanted for wanted in expected if "repeat_of" not in wanted and "action" not in wanted]
    assert Contact.objects.count() == len(people)
    assert Organisation.objects.count() == len({wanted["organisation"] for wanted in people})
    before = everything()
    # On whom nobody decided is asked again.
    waiting = sum(bool(row.could_be) for row in plan.rows)
    again, _expected = plan_of(corpora, name)
    refused = sum(wanted.get("action") == "refused" for wanted in expected)
    assert again.counts() == {
        "read": len(expected),
        "new": 0,
        "changed": 0,
        "same": len(expected) - refused - waiting,
        "repeated": 0,
        "duplicate": waiting,
        "refused": refused,
    }
    apply_now(batch=store(plan=again))
    assert everything() == before


@pytest.mark.parametrize("name", FILES)
def test_contacts_hold_what_the_file_says(corpora: Path, name: str) -> None:
    plan, expected = plan_of(corpora, name)
    batch = store(plan=plan)
    apply_now(batch=batch)
    rows = batch.rows.select_related("contact").order_by("position")
    for row, wanted in zip(rows, expected, strict=True):
        if "repeat_of" in wanted or "action" in wanted:
            continue
        contact = row.contact
        assert contact is not None
        assert (contact.infix, contact.family_name) == (wanted["infix"], wanted["family_name"])
        assert contact.email() == wanted["email"]
        affiliation = contact.affiliations.get()
        assert affiliation.organisation.name == wanted["organisation"]
        assert (affiliation.job_title, affiliation.sector) == (wanted["job_title"], wanted["sector"])
        assert sorted(theme.name_nl for theme in contact.themes.all()) == wanted["themes"]
        told = {row.purpose: row.allowed for row in contact.preferences.all()}
        assert told["invitation"] == wanted["may_invite"]
        assert told["newsletter"] == wanted["newsletter"]
        assert (contact.last_heard_on.isoformat() if contact.last_heard_on else "") == wanted["last_spoken"]
