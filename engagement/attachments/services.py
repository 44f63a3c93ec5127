"""Adding a file to notes, and its end."""

from datetime import date, timedelta
from typing import BinaryIO

from django.db import transaction
from django.utils import timezone

from crm.accounts.models import User
from engagement.attachments import store
from engagement.attachments.models import Attachment
from engagement.statements.models import Writeup

# A file without a row that is older belongs to an upload that died.
_ABANDONED = timedelta(days=1)


def add_attachment(*, writeup: Writeup, file: BinaryIO, by: User, attachment: Attachment) -> Attachment:
    """Store the file encrypted, then what is known of it; when that fails, the file goes with it."""
    attachment.writeup, attachment.added_by = writeup, by
    attachment.key = store.put(attachment.uuid, iter(lambda: file.read(store.CHUNK), b""))
    try:
        attachment.save()
    except BaseException:
        store.remove(attachment.uuid)
        raise
    return attachment


@transaction.atomic
def remove_attachment(*, attachment: Attachment) -> None:
    """The file goes once nothing knows of it any more."""
    uuid = attachment.uuid
    attachment.delete()
    transaction.on_commit(lambda: store.remove(uuid))


def remove_ended(on: date | None = None) -> int:
    """Remove those whose term is over, and files that no row knows; how many rows."""
    ended = list(Attachment.objects.ended(on or timezone.localdate()))
    for attachment in ended:
        remove_attachment(attachment=attachment)
    known = {uuid.hex for uuid in Attachment.objects.values_list("uuid", flat=True)}
    oldest = (timezone.now() - _ABANDONED).timestamp()
    store.remove_strangers(known, oldest)
    return len(ended)
