"""`manage.py classify_bounces DIR`: what each mail in a folder is and what it would do. Changes nothing."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from engagement.inbox.classifying import classify


class Command(BaseCommand):
    help = "Say of each mail in a folder whether it is a bounce, a complaint or an automatic answer."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"]
        if not folder.is_dir():
            raise CommandError(f"{folder} is not a folder")
        rows = [_row(path, folder) for path in sorted(folder.rglob("*")) if path.is_file()]
        self.stdout.write(
            json.dumps(rows, ensure_ascii=False, indent=1) if options["as_json"] else _table(rows)
        )


def _row(path: Path, folder: Path) -> dict[str, Any]:
    verdict = classify(path.read_bytes())
    return {
        "file": str(path.relative_to(folder)),
        "kind": verdict.kind.value,
        "addresses": list(verdict.addresses),
        "code": verdict.code,
        "why": verdict.why.value,
        "effect": verdict.effect.value,
        "failures": [
            {"addresses": one.addresses, "kind": one.kind.value, "why": one.why.value, "code": one.status}
            for one in verdict.failures
        ],
        "message_ids": list(verdict.message_ids),
    }


def _table(rows: list[dict[str, Any]]) -> str:
    lines = [
        f"{row['file']:40} {row['kind']:10} {row['code']:8} {row['why']:16} {row['effect']:8} "
        f"{', '.join(row['addresses'])}".rstrip()
        for row in rows
    ]
    counts = Counter(row["kind"] for row in rows)
    return "\n".join([*lines, ", ".join(f"{kind}: {count}" for kind, count in sorted(counts.items()))])
