"""The tree of codes: out to a spreadsheet, changed there, back and taken back."""

from collections import Counter

import pytest

from crm.accounts.models import User
from crm.accounts.roles import Role
from crm.base.said import told
from crm.base.writers import FORMATS
from crm.imports import background, services
from crm.imports.columns.labels import FIELD_LABELS
from crm.imports.kinds import KINDS
from crm.imports.models import ImportBatch
from crm.themes.models import Theme
from engagement.codes.models import Code
from engagement.exchange.tables import code_table
from tests.crm.imports.plans import make_plan
from tests.engagement.statements.imported.lists import actions, undone
from tests.factories import make_statement, make_theme, make_user

pytestmark = pytest.mark.django_db
HEADINGS = "Code;Deel van;Thema;Wanneer je haar gebruikt\n"


@pytest.fixture
def user() -> User:
    return make_user(Role.CORE_TEAM)


@pytest.fixture
def theme() -> Theme:
    return make_theme()


def planned(rows: str | bytes, user: User, name: str = "codes.csv") -> ImportBatch:
    content = rows if isinstance(rows, bytes) else (HEADINGS + rows).encode()
    return services.store(plan=make_plan(content, name), by=user)


def applied(rows: str, user: User) -> ImportBatch:
    return background.apply_now(batch=planned(rows, user))


def reasons(batch: ImportBatch) -> list[str]:
    return [told(row.reason) for row in batch.rows.filter(action="refused").order_by("position")]


@pytest.mark.same_on_both
@pytest.mark.parametrize("kind", ["xlsx", "ods", "csv", "csv-comma", "json"])
def test_codes_come_back_as_the_same(kind, user, theme):
    above = Code.objects.create(name="wonen", theme=theme, description="Huizen; en kamers")
    Code.objects.create(name="huur", parent=above)
    content = FORMATS[kind].write(code_table())
    batch = planned(content, user, f"codes.{FORMATS[kind].suffix}")
    assert (batch.kind, actions(batch)) == ("codes", ["same", "same"])


def test_a_tree_comes_in_and_goes_again(user, theme):
    batch = applied(f"wonen;;{theme.name_nl};Huizen\nhuur;wonen;;\n", user)
    assert actions(batch) == ["new", "new"]
    huur = Code.objects.get(name="huur")
    assert (huur.parent.name, huur.parent.theme, huur.parent.description) == ("wonen", theme, "Huizen")
    undone(batch)
    assert not Code.objects.exists()


def test_a_row_whose_parent_is_nowhere_is_refused_and_the_others_come_in(user):
    batch = applied("huur;wonen;;\nvervoer;;;\nbus;vervoer;;\nfiets;;lucht;\n;;;x\n", user)
    assert actions(batch) == ["refused", "new", "new", "refused", "refused"]
    assert reasons(batch)[:2] == [
        "Er is geen code “wonen”, hier niet en in geen rij hierboven.",
        "Er is geen thema “lucht”.",
    ]


def test_a_changed_code_is_changed_and_changed_back(user, theme):
    Code.objects.create(name="wonen", description="Huizen")
    Code.objects.create(name="huur", description="Kamers")
    batch = applied(f"HUUR;Wonen;{theme.name_en};\nwonen;;;Huizen\n", user)
    assert actions(batch) == ["changed", "same"]
    huur = Code.objects.get(key="huur")
    assert (huur.parent.name, huur.theme, huur.description) == ("wonen", theme, "Kamers")
    undone(batch)
    huur.refresh_from_db()
    assert (huur.parent, huur.theme) == (None, None)


def test_a_circle_is_refused(user):
    wonen = Code.objects.create(name="wonen")
    Code.objects.create(name="huur", parent=wonen)
    batch = applied("wonen;huur;;\n", user)
    assert actions(batch) == ["refused"]
    wonen.refresh_from_db()
    assert wonen.parent is None


def test_undoing_leaves_a_code_that_is_used_by_now(user):
    batch = applied("wonen;;;\n", user)
    make_statement("Er is geen huis.", codes=["wonen"])
    undone(batch)
    assert Code.objects.filter(name="wonen").exists()
    assert told(batch.rows.get().kept) == "Bewaard, omdat uitspraken of andere codes haar nu nodig hebben."


def test_no_kind_of_rows_calls_a_field_of_another_kind_otherwise():
    own = [(name, str(label)) for kind in KINDS.values() for name, label in kind.fields.items()]
    every = {*own, *((name, str(label)) for name, label in FIELD_LABELS.items())}
    assert sorted(name for name, count in Counter(name for name, _ in every).items() if count > 1) == []
