"""Lists of statements that a test writes down."""

from typing import Any

from crm.accounts.models import User
from crm.imports import background, services
from crm.imports.models import ImportBatch
from tests.crm.imports.plans import make_plan
from tests.factories import make_user

HEADINGS = "ID;Uitspraak;Spreker;O;Soort;Codes;Parkeren;Licht\n"
HALL = "1;De hal is te klein.;Ans Bakker;ondernemers;zorg;ruimte; 1;0\n"
LAMP = "2;Meer lampen langs het pad.;;overheden;wens;;0;1\n"


def planned(rows: str, *, headings: str = HEADINGS, by: User | None = None, kind: str = "") -> ImportBatch:
    plan = make_plan((headings + rows).encode(), "uitspraken.csv", kind=kind)
    return services.store(plan=plan, by=by or make_user())


def applied(rows: str, **options: Any) -> ImportBatch:
    return background.apply_now(batch=planned(rows, **options))


def undone(batch: ImportBatch) -> ImportBatch:
    services.undo(batch=batch)
    return background.work_through(batch)


def actions(batch: ImportBatch) -> list[str]:
    return list(batch.rows.order_by("position").values_list("action", flat=True))
