"""What older versions left behind, brought to what the code expects now; on both databases."""

import os
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from importlib import import_module
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone
from django.utils.translation import override

from crm.accounts.models import ApiToken, User
from crm.base.said import told
from crm.contacts.models import Contact
from crm.duplicates.models import DuplicatePair, Merge
from crm.duplicates.reasons import Reason
from crm.imports.models import ImportBatch
from crm.preferences.models import ConsentRecord
from crm.themes.models import Theme
from crm.timeline.models import TimelineEntry
from engagement.events.models import AttendedKind
from engagement.interviews.models import Interview
from engagement.mailings.models import Message
from engagement.strategy.models import StrategyItem
from engagement.strategy.tree import in_order
from tests.factories import make_user
from tests.harness.services import new_database

# It leaves something in a database of its time, yields, and then looks what became of that; what the
# migrations printed is sent to it.
Story = Callable[[Any], Generator[None, str, None]]
STORIES: list[tuple[tuple[str, str], Story]] = []


def left_at(app: str, migration: str) -> Callable[[Story], Story]:
    """The story begins when this was the newest migration; it gets the models of that time."""

    def add(story: Story) -> Story:
        STORIES.append(((app, migration), story))
        return story

    return add


@pytest.mark.django_db
def test_what_older_versions_left_behind_comes_along(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """All stories in one walk from an empty database; it ends with the tables that a new one begins with."""
    new = tables()
    with empty_database(tmp_path):
        walk = Walk(connection)
        walk.to_the_end()
        call_command("migrate", stdout=StringIO())
        printed = capsys.readouterr().out
        for one in walk.begun:
            with pytest.raises(StopIteration):
                one.send(printed)
        assert tables() == new
    assert len(walk.begun) == len(STORIES)


def test_every_step_can_be_taken_back() -> None:
    steps = MigrationLoader(None, replace_migrations=False).disk_migrations
    ours = [step for (app, _name), step in steps.items() if app in ("crm", "engagement")]
    assert [
        (str(step), operation) for step in ours for operation in step.operations if not operation.reversible
    ] == []


class Walk(MigrationExecutor):
    """Takes every step for itself, also where one of today replaces many; begins each story in its time."""

    def __init__(self, connection: Any) -> None:
        super().__init__(connection)
        self.loader = MigrationLoader(connection, replace_migrations=False)
        self.begun: list[Generator[None, str, None]] = []

    def to_the_end(self) -> None:
        graph = self.loader.graph
        for key, step in self.loader.disk_migrations.items():
            if step.replaces:  # what follows it follows the last one that it replaces
                graph.add_dependency(step, key, step.replaces[-1])
        leaves = graph.leaf_nodes()
        plan = [(step, back) for step, back in self.migration_plan(leaves) if not step.replaces]
        self.migrate(leaves, plan)

    def apply_migration(self, state: Any, migration: Any, *args: Any, **kwargs: Any) -> Any:
        state = super().apply_migration(state, migration, *args, **kwargs)
        for stop, story in STORIES:
            if stop == (migration.app_label, migration.name):
                self.begun.append(story(state.apps))
                next(self.begun[-1])
        return state


@contextmanager
def empty_database(folder: Path) -> Iterator[None]:
    """What the code calls the default database is an empty one for a while."""
    own = connections["default"]
    with ExitStack() as stack:
        name = str(folder / "old.sqlite3")
        if own.vendor == "postgresql":
            name = urlsplit(stack.enter_context(new_database(os.environ["DATABASE_URL"]))).path.strip("/")
        empty = type(own)({**own.settings_dict, "NAME": name}, "default")
        connections["default"] = empty
        try:
            yield
        finally:
            empty.close()
            connections["default"] = own


def tables() -> dict[str, Any]:
    """The tables of ours with their columns, constraints, indexes and triggers; what they are called by
    themselves (an index by the first name of its table) does not count."""
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor)
        found: dict[str, Any] = {"triggers": triggers(cursor)}
        for table in names:
            if table.startswith(("crm_", "engagement_")):
                columns = connection.introspection.get_table_description(cursor, table)
                constraints = connection.introspection.get_constraints(cursor, table).values()
                found[table] = (
                    sorted((column.name, column[1:]) for column in columns),
                    sorted(repr(sorted(constraint.items())) for constraint in constraints),
                )
    return found


def triggers(cursor: Any) -> list[Any]:
    if connection.vendor == "postgresql":
        cursor.execute(
            "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1"
        )
    else:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY 1")
    return list(cursor.fetchall())


def told_each(kept: list[Any]) -> list[str]:
    return [told([said]) for said in kept]


@left_at("crm", "0004_segments")
def what_was_there_before_the_history_is_its_first_line(old: Any) -> Generator[None, str, None]:
    contact = old.get_model("crm", "Contact").objects.create(family_name="Berg", sort_key="berg")
    theme = old.get_model("crm", "Theme").objects.create(slug="talent", name_nl="Talent", name_en="T")
    contact.themes.add(theme)
    yield
    assert [row.family_name for row in Contact.history.filter(id=contact.pk)] == ["Berg"]
    tagged: Any = Contact.themes.through
    assert tagged.history.get(contact=contact.pk).theme_id == Theme.objects.get(slug="talent").pk


@left_at("crm", "0016_one_index_per_contact")
def answers_of_files_get_the_key_of_their_row(old: Any) -> Generator[None, str, None]:
    now = timezone.now()
    person = old.get_model("crm", "Contact").objects.create(family_name="Smit", sort_key="smit")
    batches = [
        old.get_model("crm", "ImportBatch").objects.create(
            file_name="lijst.csv",
            started_at=now + timedelta(hours=hours),
            finished_at=now + timedelta(hours=hours + 1),
            state="applied",
        )
        for hours in (0, 2)
    ]
    rows = [batch.rows.create(position=1, number=2, action="changed", contact=person) for batch in batches]
    told = [
        person.consent_records.create(
            purpose="invitation",
            allowed=bool(hours),
            legal_basis="consent",
            source="import",
            source_detail=detail,
            recorded_at=now + timedelta(hours=hours, minutes=30),
        ).pk
        for hours, detail in [
            (0, "lijst.csv, rij 2"),
            (2, "lijst.csv, row 2"),
            (2, "lijst.csv, row 3"),
            (4, "lijst.csv, row 2"),
        ]
    ]
    yield
    found = dict(ConsentRecord.objects.values_list("pk", "import_row"))
    assert [found[pk] for pk in told] == [rows[0].pk, rows[1].pk, None, None]


ADDRESSES = {
    "/organisations/7/": ("organisation", "7"),
    "/import/12/": ("import", "12"),
    "/contacts/bulk/3/": ("bulk", "3"),
    "/merges/4/": ("merge", "4"),
    "/bodies/2/#term-9": ("term", "9"),
    "/events/5/": ("event", "5"),
    "/interviews/6/": ("interview", "6"),
    "/mailings/8/": ("mailing", "8"),
    "/elsewhere/8/": ("", ""),
    "": ("", ""),
}


@left_at("crm", "0017_answers_of_import_rows")
def addresses_of_entries_become_keys_and_kinds_attended_move_along(old: Any) -> Generator[None, str, None]:
    person = old.get_model("crm", "Contact").objects.create(family_name="Smit", sort_key="smit")
    old.get_model("crm", "AttendedKind").objects.create(contact=person, kind="workshop")
    entries = old.get_model("crm", "TimelineEntry").objects
    for link in ADDRESSES:
        entries.create(contact=person, kind="timeline.note", at=timezone.now(), link=link)
    printed = yield
    found = (
        TimelineEntry.objects.filter(contact=person.pk).order_by("pk").values_list("about_kind", "about_key")
    )
    assert list(found) == list(ADDRESSES.values())
    assert "1 entries of the timeline led to an address that is not known" in printed
    assert list(AttendedKind.objects.values_list("contact", "kind")) == [(person.pk, "workshop")]


@left_at("crm", "0018_timeline_by_keys")
def sentences_become_codes_and_joined_texts_lists(old: Any) -> Generator[None, str, None]:
    batch = old.get_model("crm", "ImportBatch").objects.create(
        file_name="lijst.csv", problem="Kapot “é\\n”.", remarks=["Niet gelezen: B.", "Titel."]
    )
    changes = {
        "email": ["", "a@example.org, b@example.org"],
        "mobile": ["+31612345678, +31687654321", "+31611111111"],
        "organisation": ["TNO, Saxion", "Demcon"],
        "job_title": ["", "chef, erg, druk"],
        "tags": [[], ["x"]],
    }
    told = ['Geen "naam".', ""]
    for position, reason in enumerate(told, 1):
        batch.rows.create(
            position=position, number=2, action="changed", reason=reason, changes=changes, kept=""
        )
    batch.rows.filter(position=2).update(kept="Bewaard.", changes={})
    reasons = ["the same e-mail address", "different family names", "an old one"]
    pair = old.get_model("crm", "DuplicatePair").objects.create(
        noun="contact", a=1, b=2, score=1, reasons=reasons
    )
    person = old.get_model("crm", "Contact").objects.create(family_name="Smit", sort_key="smit")
    merge = old.get_model("crm", "Merge").objects.create(
        contact=person, into_key=person.pk, gone_key=0, gone_name="Jan", left=["Zo gelaten."]
    )
    yield
    found = ImportBatch.objects.get(pk=batch.pk)
    assert found.problem == [["text", {"text": "Kapot “é\\n”."}]]
    assert told_each(found.remarks) == ["Niet gelezen: B.", "Titel."]
    one, other = found.rows.order_by("position")
    assert (one.reason, one.kept) == ([["text", {"text": 'Geen "naam".'}]], [])
    assert (other.reason, other.kept, other.changes) == ([], [["text", {"text": "Bewaard."}]], {})
    assert one.changes == {
        "email": [[], ["a@example.org", "b@example.org"]],
        "mobile": [["+31612345678", "+31687654321"], ["+31611111111"]],
        "organisation": [["TNO", "Saxion"], "Demcon"],
        "job_title": ["", "chef, erg, druk"],
        "tags": [[], ["x"]],
    }
    assert DuplicatePair.objects.get(pk=pair.pk).reasons == ["same_email", "different_family", "an old one"]
    assert told_each(Merge.objects.get(pk=merge.pk).left) == ["Zo gelaten."]


@left_at("crm", "0021_department_of_affiliations")
def addresses_beside_that_of_the_user_are_forgotten(old: Any) -> Generator[None, str, None]:
    user = make_user()
    EmailAddress.objects.create(user=user, email="before@example.org", verified=True, primary=True)
    yield
    assert (EmailAddress.objects.count(), User.objects.get(pk=user.pk)) == (0, user)


@left_at("crm", "0023_forms_taken_once")
def rows_that_are_surely_double_are_told_from_those_that_may_be(old: Any) -> Generator[None, str, None]:
    batch = old.get_model("crm", "ImportBatch").objects.create(file_name="lijst.csv")
    rows = old.get_model("crm", "ImportRow").objects
    for position, candidates in enumerate([[], [7]], 1):
        rows.create(
            batch=batch, position=position, number=position, action="duplicate", candidates=candidates
        )
    yield
    kept = ImportBatch.objects.get(pk=batch.pk).rows.order_by("position")
    assert [row.action for row in kept] == ["repeated", "duplicate"]


@left_at("crm", "0024_rows_decided_by_whom")
def tokens_get_an_end_and_sessions_begin_anew(old: Any) -> Generator[None, str, None]:
    user = make_user()
    token = old.get_model("crm", "ApiToken").objects.create(user_id=user.pk, digest="x")
    soon = timezone.now() + timedelta(days=1)
    Session.objects.create(session_key="old", session_data="", expire_date=soon)
    yield
    left = ApiToken.objects.get(pk=token.pk).expires_at - timezone.now()
    assert timedelta(days=89) < left < timedelta(days=90)
    assert not Session.objects.exists()


@left_at("engagement", "0010_attended_kinds")
def what_old_mails_tell_about_is_read_from_their_keys(old: Any) -> Generator[None, str, None]:
    now = timezone.now()
    contact = old.get_model("crm", "Contact").objects.create(family_name="Smit", sort_key="smit")
    user = old.get_model("crm", "User").objects.create(email="jan@example.org", name="Jan")
    keys = {
        "invitation:7:12": 0,
        "confirmation:7:12:2": 2,
        "confirmation:7:12:13": 13,
        "update:7:12:1": 1,
        "cancellation:7:12:4": 4,
        "reminder:7:12:3000000000": 3_000_000_000,
        "reminder:7:12:": 0,
    }
    for key in keys:
        old.get_model("engagement", "Message").objects.create(
            key=key,
            kind=key.partition(":")[0],
            about_id=7,
            contact_id=contact.pk,
            due_at=now,
            give_up_at=now,
        )
    interviews = old.get_model("engagement", "Interview").objects
    for notes in ("", "The labs are empty at night."):
        interviews.create(notes=notes, held_at=now, interviewer=user)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(import_module("engagement.migrations.0011_message_revision"), "_PIECE", 2)
        yield
    assert dict(Message.objects.values_list("key", "revision")) == keys
    assert dict(Interview.objects.values_list("writeup__text", "state")) == {
        "": "held",
        "The labs are empty at night.": "written up",
    }


@left_at("engagement", "0024_statements_from_a_spreadsheet")
def pillars_keep_their_order_and_get_a_key_each(old: Any) -> Generator[None, str, None]:
    for code in ("2", "1"):
        pillar = {"kind": "pillar", "code": code, "title_nl": f"Pijler {code}", "title_en": "Pillar"}
        old.get_model("engagement", "StrategyItem").objects.create(**pillar)
    yield
    assert [item.code for item in in_order() if item.code in ("1", "2")] == ["1", "2"]
    assert len(set(StrategyItem.objects.values_list("uuid", flat=True))) == StrategyItem.objects.count()


@left_at("engagement", "0030_feedback")
def parts_of_the_strategy_keep_their_order(old: Any) -> Generator[None, str, None]:
    """Their places counted those beside them; what another story left comes in too."""
    rows = old.get_model("engagement", "StrategyItem").objects
    for position, code in ((2, "12"), (1, "11")):
        pillar = rows.create(kind="pillar", position=position, code=code, title_nl=code)
        for number in (10, 9):
            below = f"{code}.{number}"
            rows.create(kind="goal", parent=pillar, position=number, code=below, title_nl=below)
    yield
    codes = [item.code for item in StrategyItem.objects.filter(code__startswith="1").exclude(code="1")]
    assert codes == ["11", "11.9", "11.10", "12", "12.9", "12.10"]


def test_reasons_of_the_migration_are_those_of_today() -> None:
    migration = import_module("crm.migrations.0020_said_in_codes")
    with override("en"):
        assert {str(reason.label): reason.value for reason in Reason} == migration._REASONS
