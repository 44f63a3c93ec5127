"""A "no" that the database could not take is kept in a file until it can, since whoever sent it asks once.

The file is named after the link and says how the "no" came and when; web and worker see the same VAR_DIR.
"""

import json
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from uuid import UUID, uuid4

from django.conf import settings
from django.utils import timezone

from crm.links.models import Link
from crm.preferences.links import UNSUBSCRIBE
from crm.preferences.models import Preference, Purpose, Source
from crm.preferences.services import record_consent


def keep(link: UUID, source: Source) -> None:
    """On the disk before this returns."""
    path = _folder() / f"{uuid4()}.json"
    with path.with_suffix(".part").open("x") as file:
        json.dump({"link": str(link), "source": source, "at": timezone.now().isoformat()}, file)
        file.flush()
        os.fsync(file.fileno())
    path.with_suffix(".part").rename(path)


def record_kept() -> int:
    """Record what was kept, and how many that were; a second run, or a second worker, finds them recorded."""
    return sum(_record(path) for path in _kept())


def record_no(link: Link, source: Source, *, at: datetime | None = None) -> None:
    purpose = Purpose(link.subject)
    record_consent(
        contact=link.contact,
        purpose=purpose,
        allowed=False,
        source=source,
        wording=str(purpose.label),
        at=at,
    )


def _record(path: Path) -> bool:
    """Unless they said something else since, which counts."""
    said = json.loads(path.read_text())
    at = datetime.fromisoformat(said["at"])
    link = Link.objects.select_related("contact").filter(pk=said["link"], purpose=UNSUBSCRIBE).first()
    if link is not None:
        later = Preference.objects.filter(contact=link.contact, purpose=link.subject, since__gt=at)
        if not later.exists():
            record_no(link, Source(said["source"]), at=at)
    path.unlink(missing_ok=True)
    return link is not None


def _kept() -> Iterator[Path]:
    return _folder().glob("*.json")


def _folder() -> Path:
    folder = Path(settings.VAR_DIR) / "noes"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
