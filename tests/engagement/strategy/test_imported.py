"""The tree of the strategy: out to a spreadsheet, changed there, back, and taken back."""

import pytest

from crm.base.said import told
from crm.base.writers import FORMATS
from crm.contacts.models import Contact
from crm.imports import background, services
from crm.imports.models import ImportBatch
from engagement.strategy.exports import tree_table
from engagement.strategy.models import StrategyItem
from engagement.strategy.services import move_under
from engagement.strategy.tree import in_order
from tests.crm.imports.plans import make_plan
from tests.engagement.statements.imported.lists import actions, undone
from tests.factories import (
    make_contact,
    make_evidence,
    make_item,
    make_organisation,
    make_statement,
    make_user,
)

pytestmark = pytest.mark.django_db
HEADINGS = "Code in de strategie;Titel in het Nederlands;Trekker;Stand van het onderdeel;Kwartet-sleutel\n"


def planned(rows: str | bytes, name: str = "strategie.csv") -> ImportBatch:
    content = rows if isinstance(rows, bytes) else (HEADINGS + rows).encode()
    return services.store(plan=make_plan(content, name), by=make_user())


def applied(rows: str) -> ImportBatch:
    return background.apply_now(batch=planned(rows))


def reasons(batch: ImportBatch) -> list[str]:
    return [told(row.reason) for row in batch.rows.filter(action="refused").order_by("position")]


def titles() -> dict[str, str]:
    return {item.code: item.title_nl for item in in_order()}


@pytest.mark.same_on_both
@pytest.mark.parametrize("kind", ["xlsx", "ods", "csv", "csv-comma"])
def test_every_part_comes_back_as_the_same(kind):
    owner, contact = make_organisation("Saxion"), make_contact(email="mara@example.org")
    words = {"title_en": "Labs", "text_nl": "Twee\r\navonden; per week.", "text_en": '=1+1 "x"'}
    days = {"stalled_since": "2026-10-01", "starts_on": "2026-09-01", "ends_on": "2029-07-01"}
    make_item(
        "1.1.1",
        owner=owner,
        owner_contact=contact,
        aspect="both",
        state="running",
        progress=0,
        **words,
        **days,
    )
    for number in range(2, 12):
        make_item(f"1.1.{number}", progress=40)
    content = FORMATS[kind].write(tree_table())
    batch = planned(content, f"strategie.{FORMATS[kind].suffix}")
    assert batch.kind == "strategy"
    assert set(actions(batch)) == {"same"}
    assert len(actions(batch)) == 13


@pytest.mark.same_on_both
def test_tree_comes_in_under_what_is_there_and_goes_again():
    make_item("1")
    batch = applied("1.1;Doel;;;\n1.1.1;Maatregel;;loopt;\n2;Pijler;;;\n2.1;Nog een doel;;;\n")
    assert actions(batch) == ["new"] * 4
    assert titles() == {
        "1": "Onderdeel 1",
        "1.1": "Doel",
        "1.1.1": "Maatregel",
        "2": "Pijler",
        "2.1": "Nog een doel",
    }
    assert StrategyItem.objects.get(code="1.1.1").state == "running"
    undone(batch)
    assert titles() == {"1": "Onderdeel 1"}


def test_row_without_its_parent_is_refused_with_the_reason_and_the_others_come_in():
    batch = applied("1;Pijler;;;\n1.1.1;Wees;;;\n2.1;Ook;;;\n1.1;Doel;;;\nx;Waar;;;\n1.2;;;;\n1;Pijler;;;\n")
    assert actions(batch) == ["new", "refused", "refused", "new", "refused", "refused", "repeated"]
    said = reasons(batch)
    assert "“1.1”" in said[0]
    assert "“2”" in said[1]
    assert "“x”" in said[2]
    assert titles() == {"1": "Pijler", "1.1": "Doel"}


def test_changed_part_is_changed_and_changed_back_unless_somebody_went_on():
    make_organisation("Saxion")
    first, second = make_item("1.1.1"), make_item("1.1.2")
    batch = applied("1.1.1;Nieuw;Saxion;;\n1.1.2;Ook nieuw;Nergens BV;afgerond;\n")
    assert actions(batch) == ["changed", "changed"]
    first.refresh_from_db()
    assert (first.title_nl, str(first.owner), first.version) == ("Nieuw", "Saxion", 2)
    assert "Nergens BV" in told(batch.rows.get(position=2).reason)
    StrategyItem.objects.filter(pk=second.pk).update(title_nl="Van een ander")
    undone(batch)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.title_nl, first.owner) == ("Onderdeel 1.1.1", None)
    assert (second.title_nl, second.state) == ("Van een ander", "done")


def test_only_empty_fields_are_filled_where_somebody_chose_that():
    make_organisation("Saxion")
    item = make_item("1.1.1")
    batch = planned("1.1.1;Nieuw;Saxion;;\n")
    batch.rows.update(decision="fill")
    background.apply_now(batch=batch)
    item.refresh_from_db()
    assert (item.title_nl, str(item.owner)) == ("Onderdeel 1.1.1", "Saxion")
    undone(batch)
    item.refresh_from_db()
    assert (item.title_nl, item.owner) == ("Onderdeel 1.1.1", None)


def line(code: str, title: str) -> str:
    """As the tree was sent out, but in the place `code`."""
    item = StrategyItem.objects.get(title_nl=title)
    return f"{code};{title};;;{item.uuid}\n"


def test_parts_go_where_the_list_puts_them_and_back_when_it_is_undone():
    for code, title in {"1.1.1": "Hal", "1.1.2": "Lab", "1.1.3": "Bus", "1.2": "Doel 2", "2": "Stad"}.items():
        make_item(code, title)
    make_item("1.2.1", "Werk")
    before = titles()
    batch = applied(line("1.1", "Stad") + line("1", "Stad") + line("2", "Onderdeel 1"))
    assert actions(batch) == ["refused", "changed", "changed"]
    assert "1.1" in reasons(batch)[0]
    assert titles()["2.1.1"] == "Hal"
    undone(batch)
    assert titles() == before
    rows = [
        ("1.2", "Onderdeel 1.1"),
        ("1.1", "Doel 2"),
        ("1.1.1", "Bus"),
        ("1.1.2", "Werk"),
        ("1.2.9", "Hal"),
    ]
    batch = applied("".join(line(*row) for row in rows))
    assert actions(batch) == ["changed"] * 5
    assert titles() == {
        "1": "Onderdeel 1",
        "1.1": "Doel 2",
        "1.1.1": "Bus",
        "1.1.2": "Werk",
        "1.2": "Onderdeel 1.1",
        "1.2.1": "Lab",
        "1.2.2": "Hal",
        "2": "Stad",
    }
    undone(batch)
    assert titles() == before


def test_part_that_keeps_its_code_goes_along_with_what_it_is_part_of():
    make_item("1.1.1", "Hal")
    make_item("2", "Stad")
    batch = applied(line("2.1", "Onderdeel 1.1") + line("1.1.1", "Hal") + "2.1.2;Nieuw;;;\n1.1.3;Wees;;;\n")
    assert actions(batch) == ["changed", "same", "new", "refused"]
    goal = {"2.1": "Onderdeel 1.1", "2.1.1": "Hal", "2.1.2": "Nieuw"}
    assert titles() == {"1": "Onderdeel 1", "2": "Stad", **goal}


def test_part_that_went_elsewhere_since_stays_there():
    make_item("1.1", "Doel")
    make_item("2", "Stad")
    third = make_item("3", "Land")
    batch = planned(line("2.1", "Doel"))
    move_under(item=StrategyItem.objects.get(title_nl="Doel"), parent=third)
    assert actions(background.apply_now(batch=batch)) == ["refused"]
    assert titles()["3.1"] == "Doel"


@pytest.mark.same_on_both
def test_part_that_comes_in_takes_the_place_that_its_code_says():
    key = "3f0e8a6e-7a5d-4b0e-9c53-0f7f2f1c9a01"
    make_item("1", title="Een")
    assert actions(planned(f"1;Een;;;{key}\n")) == ["same"]
    batch = applied(f"1;Heel iets anders;;;{key}\n")
    assert actions(batch) == ["new"]
    assert titles() == {"1": "Heel iets anders", "2": "Een"}
    undone(batch)
    assert titles() == {"1": "Een"}


def test_contact_goes_out_by_address_and_number_and_comes_back_by_either():
    mara, other = make_contact(email="mara@example.org"), make_contact(email="info@example.org")
    same_address = make_contact(email="info@example.org")
    item = make_item("1", owner_contact=mara)
    assert f"{mara} <mara@example.org>" in [str(cell) for cell in next(iter(tree_table().rows))]

    def read(cells: str) -> tuple[str, str, Contact | None]:
        headings = "Code in de strategie;Titel in het Nederlands;Contactpersoon van de trekker;"
        content = f"{headings}Kwartet-nummer van de contactpersoon\n1;Onderdeel 1;{cells}\n"
        batch = background.apply_now(batch=planned(content.encode()))
        item.refresh_from_db()
        found = item.owner_contact
        undone(batch)
        return actions(batch)[0], told(batch.rows.get().reason), found

    assert read(f"Mara <MARA@example.org>;{mara.pk}") == ("same", "", mara)
    assert read(f";{other.pk}") == ("changed", "", other)
    assert read(f"info@example.org;{same_address.pk}") == ("changed", "", same_address)
    assert read("info@example.org;")[2] == mara
    assert "niemand@example.org" in read("niemand@example.org;")[1]
    action, why, found = read(f"mara@example.org;{other.pk}")
    assert (action, found) == ("same", mara)
    assert str(other.pk) in why


def test_undoing_leaves_a_part_on_which_something_hangs_by_now():
    batch = applied("1;Pijler;;;\n1.1;Doel;;;\n")
    make_evidence(make_statement(), StrategyItem.objects.get(code="1.1"))
    undone(batch)
    assert titles() == {"1": "Pijler", "1.1": "Doel"}
    assert all(told(row.kept) for row in batch.rows.all())


def test_part_that_was_deleted_meanwhile_refuses_what_hangs_under_it():
    make_item("1")
    batch = planned("1.1;Doel;;;\n")
    StrategyItem.objects.all().delete()
    batch = background.apply_now(batch=batch)
    assert actions(batch) == ["refused"]
    assert not StrategyItem.objects.exists()
