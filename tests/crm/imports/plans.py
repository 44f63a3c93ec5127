"""Plans of files that a test writes down."""

from pathlib import Path
from tempfile import NamedTemporaryFile

from crm.imports import background, services
from crm.imports.models import ImportBatch
from crm.imports.planning.plans import Plan, plan_file
from tests.factories import make_user

HEADINGS = "Voornaam;Achternaam;Organisatie;Functie;E-mail;O;Uitnodigen;Nieuwsbrief;Laatst gesproken\n"
JAN = "Jan;Bos;Saxion;docent;jan@example.org;onderwijs;ja;nee;2026-03-01\n"


def make_plan(data: bytes, file_name: str, *, kind: str = "", sector: str = "") -> Plan:
    with NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        return plan_file(Path(file.name), file_name, kind=kind, sector=sector)


def plan_text(rows: str) -> Plan:
    return make_plan((HEADINGS + rows).encode(), "lijst.csv")


def stored(rows: str) -> ImportBatch:
    return services.store(plan=plan_text(rows), by=make_user())


def apply(rows: str) -> ImportBatch:
    return background.apply_now(batch=stored(rows))
