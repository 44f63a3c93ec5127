"""Lists of organisations: codes, second names, and meeting organisations that contacts brought in."""

from pathlib import Path

import pytest

from crm.base.sectors import Sector
from crm.imports.background import apply_now
from crm.imports.models import ImportBatch
from crm.imports.planning.plans import Plan
from crm.imports.services import store
from crm.organisations.models import Organisation
from tests.crm.imports.plans import make_plan
from tests.factories import make_organisation

pytestmark = pytest.mark.django_db


def plan_text(text: str, *, kind: str = "", sector: str = "") -> Plan:
    return make_plan(text.encode(), "lijst.csv", kind=kind, sector=sector)


def apply_text(text: str, *, kind: str = "", sector: str = "") -> ImportBatch:
    return apply_now(batch=store(plan=plan_text(text, kind=kind, sector=sector)))


@pytest.mark.same_on_both
def test_gemeenten_have_codes_aliases_and_the_sector_of_the_file(corpora: Path) -> None:
    data = (corpora / "nl-gemeenten" / "gemeenten.csv").read_bytes()
    plan = make_plan(data, "gemeenten.csv", sector=Sector.GOVERNMENT)
    assert plan.kind == ImportBatch.Kind.ORGANISATIONS
    codes = {row.values["external_id"] for row in plan.rows}
    assert plan.counts()["new"] == len(codes) == 355
    assert plan.counts()["changed"] == len(plan.rows) - len(codes)
    apply_now(batch=store(plan=plan))
    assert set(Organisation.objects.values_list("external_id", flat=True)) == codes
    assert all(organisation.sector_list() == ["government"] for organisation in Organisation.objects.all())
    names = {row.values["name"] for row in plan.rows}
    assert all(Organisation.objects.known_as(name).exists() for name in names)
    again = make_plan(data, "gemeenten.csv", sector=Sector.GOVERNMENT)
    assert again.counts()["same"] == len(plan.rows)


def test_second_name_for_a_code_becomes_an_alias() -> None:
    text = "GemeentecodeGM,Gemeentenaam\nGM0518,'s-Gravenhage\nGM0518,Den Haag\n"
    apply_text(text, sector="government")
    organisation = Organisation.objects.get()
    assert (organisation.name, [alias.name for alias in organisation.aliases.all()]) == (
        "'s-Gravenhage",
        ["Den Haag"],
    )
    assert Organisation.objects.known_as("Gemeente Den Haag").get() == organisation
    assert plan_text(text, sector="government").counts()["same"] == 2


@pytest.mark.same_on_both
def test_organisation_that_a_contact_brought_in_gets_its_code() -> None:
    known = make_organisation("Gemeente Enschede", "government")
    text = "GemeentecodeGM,Gemeentenaam\nGM0153,Enschede\n"
    row = plan_text(text, sector="government").rows[0]
    assert (row.action, row.changes) == ("changed", {"external_id": ["", "GM0153"]})
    apply_text(text, sector="government")
    known.refresh_from_db()
    assert (known.name, known.external_id) == ("Gemeente Enschede", "GM0153")
    assert Organisation.objects.count() == 1


def test_same_name_with_another_code_is_another_organisation() -> None:
    apply_text("GemeentecodeGM,Gemeentenaam\nGM0001,Bergen\nGM0002,Bergen\n", sector="government")
    assert sorted(Organisation.objects.values_list("external_id", flat=True)) == ["GM0001", "GM0002"]


@pytest.mark.same_on_both
def test_repeated_row_is_told_apart_and_at_a_second_reading_same() -> None:
    text = "Organisatie;Plaats\nSaxion;Enschede\nSaxion;Enschede\n"
    assert [row.action for row in plan_text(text, sector="education").rows] == ["new", "repeated"]
    apply_text(text, sector="education")
    assert [row.action for row in plan_text(text, sector="education").rows] == ["same", "same"]


def test_row_without_a_name_is_refused() -> None:
    plan = plan_text("GemeentecodeGM;Gemeentenaam\nGM0001;\nGM0002;Almelo\n", sector="government")
    assert [row.action for row in plan.rows] == ["refused", "new"]


def test_kind_given_by_hand_reads_names_as_organisations() -> None:
    text = "Naam;Plaats\nDemcon;Enschede\n"
    assert plan_text(text).kind == "contacts"
    plan = plan_text(text, kind="organisations", sector="entrepreneurs")
    assert plan.rows[0].values == {
        "name": "Demcon",
        "external_id": "",
        "sector": "entrepreneurs",
        "aliases": [],
        "city": "Enschede",
        "tags": [],
    }
