"""`manage.py import_spreadsheet FILE`: see what a spreadsheet will do, or let it be done."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from crm.accounts.models import User
from crm.base.said import Said, told
from crm.base.sectors import Sector
from crm.imports.background import apply_now
from crm.imports.kinds import KINDS
from crm.imports.models import ImportRow
from crm.imports.planning.planned import PlannedRow
from crm.imports.planning.plans import Plan, plan_file
from crm.imports.reading.stream import ReadingError
from crm.imports.services import store


class Command(BaseCommand):
    help = "Read a spreadsheet: show the plan, or apply it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--kind", choices=list(KINDS), default="")
        parser.add_argument(
            "--sector", choices=Sector.values, default="", help="of the organisations in the file"
        )
        parser.add_argument("--by", default="", help="the e-mail address of who brings it in")
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--plan", action="store_true", help="only say what would happen (the default)")
        what.add_argument("--apply", action="store_true", help="do it")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            path = options["file"]
            plan = plan_file(path, path.name, kind=options["kind"], sector=options["sector"])
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror}") from None
        except ReadingError as error:
            raise CommandError(f"{options['file'].name}: {error}") from None
        if options["apply"]:
            _apply(plan, _user(options["by"]))
        self.stdout.write(_as_json(plan) if options["as_json"] else _as_text(plan))


def _user(email: str) -> User | None:
    """Whoever has this address; nobody for ""."""
    user = User.objects.filter(email__iexact=email).first() if email else None
    if email and user is None:
        raise CommandError(f"{email}: nobody logs in with this address")
    return user


def _apply(plan: Plan, by: User | None) -> None:
    """Apply, and let the plan say what became of each row."""
    batch = apply_now(batch=store(plan=plan, by=by))
    done = {row.position: row for row in batch.rows.all()}
    for planned in plan.rows:
        planned.action, planned.reason = done[planned.position].action, done[planned.position].reason


def _as_json(plan: Plan) -> str:
    found = {"kind": plan.kind, **plan.counts(), "remarks": _each(plan.remarks)}
    return json.dumps({**found, "rows": [_row(row) for row in plan.rows]}, ensure_ascii=False, indent=1)


def _row(row: PlannedRow) -> dict[str, Any]:
    said = {"reason": told(row.reason), "said": row.reason}
    shown = {"row": row.number, "action": row.action, **said, "values": row.values}
    return {**shown, "sheet": row.sheet} if row.sheet else shown


def _as_text(plan: Plan) -> str:
    counts = plan.counts()
    labels = {action.value: action.label for action in ImportRow.Action}
    lines = [f"{plan.file_name}: {counts['read']} ({plan.kind})", *_each(plan.remarks)]
    lines += [f"{counts[action]:6} {label}" for action, label in labels.items()]
    lines += [_line(row, str(labels[row.action])) for row in plan.rows if row.reason]
    return "\n".join(lines)


def _line(row: PlannedRow, label: str) -> str:
    return f"{row.number:6} {label}: {told(row.reason)}"


def _each(remarks: Sequence[Said]) -> list[str]:
    return [told([remark]) for remark in remarks]
