"""Changing many at once: frozen, done once, survived by a kill, and undone exactly."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from crm.base import jobs
from crm.contacts.models import Contact
from crm.directory.bulk import services
from crm.directory.bulk.models import BulkAction
from crm.preferences.models import ConsentRecord, Preference
from crm.preferences.services import record_consent
from crm.timeline.models import TimelineEntry
from tests.factories import make_contact, make_tag, make_theme, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> list[Contact]:
    return [make_contact(family_name=name, infix="") for name in "ABC"]


def planned(contacts: Any = None, **change: Any) -> BulkAction:
    found = Contact.objects.all() if contacts is None else contacts
    return services.plan(change=change, contacts=found, audience={"q": ["x"]}, by=make_user())


def tagging(**change: Any) -> BulkAction:
    tag = make_tag("Spoke")
    return planned(**{"kind": "add tag", "tag": tag, "name": tag.name, **change})


def permitting(allowed: bool, purpose: str = "newsletter") -> BulkAction:
    return planned(kind="permission", purpose=purpose, allowed=allowed, reason="asked at the fair")


def outcomes(action: BulkAction) -> list[str]:
    return list(action.rows.values_list("outcome", flat=True))


def tagged() -> list[str]:
    return [person.family_name for person in Contact.objects.filter(tags__name="Spoke")]


def answers() -> dict[str, bool]:
    return {one.contact.family_name: one.allowed for one in Preference.objects.select_related("contact")}


def test_plan_changes_nothing_and_freezes_whom(people):
    action = tagging()
    make_contact(family_name="D", infix="")
    assert (tagged(), outcomes(action)) == ([], ["waiting"] * 3)
    services.start(action=action)
    assert tagged() == ["A", "B", "C"]


def test_tag_is_added_told_and_undone_only_where_it_was_not(people):
    people[1].tags.add(make_tag("Spoke"), make_tag("Other"))
    action = services.start(action=tagging())
    assert (action.state, outcomes(action)) == ("done", ["changed", "same", "changed"])
    entry = TimelineEntry.objects.get(contact=people[0], kind="contact.changed")
    assert entry.words["diff"] == {"tags": ["", "Spoke"]}
    assert (entry.about_kind, entry.about_key) == ("bulk", str(action.pk))
    assert not TimelineEntry.objects.filter(contact=people[1]).exists()
    action = services.undo(action=action)
    assert (action.state, outcomes(action), tagged()) == ("undone", ["undone", "same", "undone"], ["B"])
    assert people[1].tags.count() == 2


def test_tag_that_somebody_put_on_again_since_stays(people):
    action = services.start(action=tagging())
    tag = make_tag("Spoke")
    people[0].tags.remove(tag)
    people[0].tags.add(tag)
    people[1].tags.remove(tag)
    services.undo(action=action)
    assert (tagged(), outcomes(action)) == (["A"], ["kept", "kept", "undone"])


def test_tag_taken_away_comes_back_only_for_who_had_it(people):
    tag = make_tag("Spoke")
    people[0].tags.add(tag)
    people[2].tags.add(tag)
    action = services.start(action=tagging(kind="remove tag"))
    assert (tagged(), outcomes(action)) == ([], ["changed", "same", "changed"])
    people[2].tags.add(tag)
    services.undo(action=action)
    assert (tagged(), outcomes(action)) == (["A", "C"], ["undone", "same", "kept"])


@pytest.mark.parametrize(("kind", "after"), [("add theme", 3), ("remove theme", 0)])
def test_themes_the_same(people, kind, after):
    theme = make_theme()
    people[0].themes.add(theme)
    action = services.start(action=planned(kind=kind, theme=theme, name="x"))
    assert theme.contacts.count() == after
    services.undo(action=action)
    assert list(theme.contacts.all()) == [people[0]]


def test_tag_removed_from_kwartet_since_changes_nothing(people):
    action = tagging()
    make_tag("Spoke").delete()
    action.refresh_from_db()
    services.start(action=action)
    assert outcomes(action) == ["gone"] * 3


def test_who_was_deleted_meanwhile_is_passed_over(people):
    action = tagging()
    people[0].delete()
    services.start(action=action)
    assert (outcomes(action), tagged()) == (["gone", "changed", "changed"], ["B", "C"])


def test_yes_is_recorded_with_its_reason_but_never_over_a_no(people):
    record_consent(contact=people[0], purpose="newsletter", allowed=False, source="form")
    record_consent(contact=people[1], purpose="newsletter", allowed=True, source="form")
    action = services.start(action=permitting(True))
    assert outcomes(action) == ["said no", "same", "changed"]
    assert answers() == {"A": False, "B": True, "C": True}
    line = ConsentRecord.objects.get(contact=people[2])
    assert (line.source, line.source_detail, line.recorded_by) == (
        "staff",
        "asked at the fair",
        action.created_by,
    )


@pytest.mark.parametrize("purpose", ["newsletter", "invitation"])
def test_undoing_a_permission_adds_to_the_ledger_and_restores_what_stood(people, purpose):
    record_consent(contact=people[0], purpose=purpose, allowed=True, source="form")
    before = Preference.objects.get()
    action = services.start(action=permitting(False, purpose))
    assert outcomes(action) == ["changed"] * 3
    lines = ConsentRecord.objects.count()
    services.undo(action=action)
    assert ConsentRecord.objects.count() == lines + 3
    after = Preference.objects.get()
    assert (after.contact, after.allowed, after.since) == (people[0], True, before.since)
    undone = ConsentRecord.objects.filter(source="undo", contact=people[1]).get()
    assert undone.allowed is (purpose == "invitation")
    assert outcomes(action) == ["undone"] * 3


def test_answer_given_since_is_not_undone(people):
    action = services.start(action=permitting(True))
    record_consent(contact=people[0], purpose="newsletter", allowed=False, source="form")
    services.undo(action=action)
    assert (answers(), outcomes(action)) == ({"A": False}, ["kept", "undone", "undone"])


@pytest.mark.same_on_both
@pytest.mark.parametrize("wrong", ["start", "discard"])
def test_nothing_is_done_twice(people, wrong):
    action = services.start(action=tagging())
    with pytest.raises(services.DecidedAlready):
        getattr(services, wrong)(action=action)
    services.undo(action=action)
    with pytest.raises(services.DecidedAlready):
        services.undo(action=action)


def test_plan_can_be_thrown_away(people):
    services.discard(action=tagging())
    assert not BulkAction.objects.exists()


def test_many_are_left_to_a_worker_that_goes_on_where_a_killed_one_stopped(people, monkeypatch):
    monkeypatch.setattr(services, "AT_ONCE", 2)
    monkeypatch.setattr(services, "_PIECE", 1)
    action = services.start(action=tagging())
    assert (action.state, tagged()) == ("running", [])
    # A worker that claimed it and was killed after one piece:
    claim = jobs._claim(services.JOB, action.pk, timezone.now())
    assert claim
    services._work_piece(claim)
    assert (services.work_off(), tagged()) == (0, ["A"])
    BulkAction.objects.update(claimed_until=timezone.now())  # its lease ends
    assert (services.work_off(), tagged()) == (1, ["A", "B", "C"])
    assert TimelineEntry.objects.filter(kind="contact.changed").count() == 3
    action.refresh_from_db()
    action = services.undo(action=action)
    assert (action.state, len(tagged())) == ("undoing", 3)
    assert (services.work_off(), services.work_off(), tagged()) == (1, 0, [])


def test_long_work_is_given_back_after_its_slice(people, monkeypatch):
    monkeypatch.setattr(services, "AT_ONCE", 0)
    monkeypatch.setattr(services, "_PIECE", 1)
    monkeypatch.setattr(jobs, "SLICE", timedelta(0))
    action = services.start(action=tagging())
    assert services.work_off() == 0
    action.refresh_from_db()
    assert (action.claimed_until, len(tagged())) == (None, 1)


def test_a_piece_takes_a_fixed_number_of_queries(django_assert_max_num_queries):
    for number in range(20):
        make_contact(family_name=f"P{number}")
    action = tagging()
    with django_assert_max_num_queries(31 + 20):  # one entry on each timeline
        services.start(action=action)
    assert len(tagged()) == 20
