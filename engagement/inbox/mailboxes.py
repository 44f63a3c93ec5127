"""Reading a mailbox, maildir or IMAP, in slices. A mail is marked as read only after it was dealt with.

Two readers at once do no harm: the second finds each mail dealt with.
"""

import imaplib
import logging
import re
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from django.conf import settings

from engagement.inbox.services import TooEarly, receive_all

logger = logging.getLogger(__name__)
# Says whether a person should look at the mail.
Bring = Callable[[bytes], bool]
_TIMEOUT = 20  # seconds per answer of the IMAP server
_UID = re.compile(rb"\d+")


def read_inbox() -> int:
    """Deal with what is new in the configured mailbox, at most INBOX_BATCH mails; how many were new."""
    inbox = settings.INBOX
    if not inbox:
        return 0
    if inbox["kind"] == "maildir":
        return receive_all(lambda bring: read_maildir(inbox["path"], bring))
    return receive_all(lambda bring: read_imap(inbox, bring))


def read_maildir(folder: Path, bring: Bring) -> int:
    """What stands in new/ goes to cur/, seen, and flagged where a person should look (maildir(5))."""
    new = sorted((folder / "new").iterdir())[: settings.INBOX_BATCH]
    done = 0
    for path in new:
        with suppress(FileNotFoundError, TooEarly):  # another reader was first, or it comes again
            flags = "FS" if bring(path.read_bytes()) else "S"
            path.rename(folder / "cur" / f"{path.name}:2,{flags}")
            done += 1
    return done


def read_imap(inbox: dict[str, Any], bring: Bring) -> int:
    """What is unseen becomes seen, and flagged where a person should look (RFC 9051)."""
    done = 0
    with _open(inbox) as imap:
        _, found = imap.uid("SEARCH", "UNSEEN")
        for uid in _UID.findall(found[0] or b"")[: settings.INBOX_BATCH]:
            raw = _fetch(imap, uid.decode())
            with suppress(TooEarly):
                if raw is not None:
                    flags = r"(\Seen \Flagged)" if bring(raw) else r"(\Seen)"
                    imap.uid("STORE", uid.decode(), "+FLAGS.SILENT", flags)
                    done += 1
    return done


def _fetch(imap: imaplib.IMAP4, uid: str) -> bytes | None:
    """PEEK leaves the mail unseen; None when somebody removed it meanwhile."""
    _, parts = imap.uid("FETCH", uid, "(BODY.PEEK[])")
    return next((part[1] for part in parts if isinstance(part, tuple)), None)


@contextmanager
def _open(inbox: dict[str, Any]) -> Iterator[imaplib.IMAP4]:
    """Logged in, with the folder open; raises OSError or imaplib's error when that fails."""
    imap: imaplib.IMAP4
    if inbox["ssl"]:
        context = ssl.create_default_context()
        imap = imaplib.IMAP4_SSL(inbox["host"], inbox["port"], ssl_context=context, timeout=_TIMEOUT)
    else:
        imap = imaplib.IMAP4(inbox["host"], inbox["port"], timeout=_TIMEOUT)
    try:
        if inbox["tls"]:
            imap.starttls(ssl.create_default_context())
        imap.login(inbox["user"], inbox["password"])
        status, told = imap.select(f'"{inbox["folder"]}"')
        if status != "OK":
            raise imaplib.IMAP4.error(f"folder {inbox['folder']}: {told[0]!r}")
        yield imap
    finally:
        with suppress(OSError, imaplib.IMAP4.error):
            imap.logout()
