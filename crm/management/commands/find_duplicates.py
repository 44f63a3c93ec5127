"""`manage.py find_duplicates`: what the database, or a CSV file, probably has twice. It changes nothing."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from crm.duplicates.columns import NotText, UnknownColumns, read_records
from crm.duplicates.known import Known, known_contacts, known_organisations
from crm.duplicates.reasons import in_words
from crm.duplicates.records import Record
from crm.duplicates.services import Pair, find_duplicates

Found = dict[str, Any]


class Command(BaseCommand):
    help = "List the people and organisations that are probably known twice, the likeliest first."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--file",
            type=Path,
            help="a CSV file to look in; the database is not touched and rows count from 1",
        )
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, **options: Any) -> None:
        found = _in_file(options["file"]) if options["file"] else _in_database()
        if options["as_json"]:
            self.stdout.write(json.dumps(found, ensure_ascii=False, indent=1))
        else:
            self.stdout.write("\n".join([*map(_line, found), f"{len(found)} pairs"]))


def _in_file(path: Path) -> list[Found]:
    try:
        records = read_records(path.read_bytes())
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}") from None
    except NotText:
        raise CommandError(f"{path.name}: this is no CSV file") from None
    except UnknownColumns:
        raise CommandError(f"{path.name}: no heading like “given”, “family” or “organisation”") from None
    return _shown(find_duplicates(records), range(1, len(records) + 1))


def _in_database() -> list[Found]:
    """Contacts, then organisations; `a` and `b` are their keys."""
    found = []
    for kind, known in (("contact", known_contacts()), ("organisation", known_organisations())):
        found += [{"kind": kind, **pair} for pair in _shown(find_duplicates(_records(known)), _keys(known))]
    return found


def _records(known: Known) -> list[Record]:
    return [record for _pk, record in known]


def _keys(known: Known) -> list[int]:
    return [pk for pk, _record in known]


def _shown(pairs: Sequence[Pair], numbers: Sequence[int]) -> list[Found]:
    return [
        {
            "a": numbers[pair.a],
            "b": numbers[pair.b],
            "score": pair.score,
            "reasons": in_words(pair.reasons),
            "automatic": pair.automatic,
        }
        for pair in pairs
    ]


def _line(found: Found) -> str:
    kind = f"{found['kind']} " if "kind" in found else ""
    automatic = "  (automatic)" if found["automatic"] else ""
    return (
        f"{found['score']:.4f}  {kind}{found['a']} = {found['b']}{automatic}  {'; '.join(found['reasons'])}"
    )
