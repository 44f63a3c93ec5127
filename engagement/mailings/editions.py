"""What was sent, word for word: the mail of each language and variant of a mailing, kept once.

A mark stands in the place of whatever is a reader's own: nothing about a reader is kept.
"""

import logging
import re
from collections.abc import Hashable, Iterable, Mapping
from functools import lru_cache
from hashlib import sha256
from html import escape
from uuid import UUID

from engagement.mailings.kinds import KINDS, Letter, Mail
from engagement.mailings.making import First
from engagement.mailings.models import Edition, Message

logger = logging.getLogger(__name__)
# Characters for private use, which nobody types and nothing escapes.
_MARK = "\ue000{}\ue001"
_MARKED = re.compile("\ue000(\\w+)\ue001")


def kept(letters: Iterable[Letter]) -> dict[UUID, int]:
    """By the keys of messages the edition of its mailing that each of them gets, which is kept by then."""
    known: dict[tuple[int, object], int | None] = {}
    getting: dict[UUID, int] = {}
    for letter in letters:
        message = letter.message
        if message.mailing_id is None or letter.problem or letter.objection:
            continue
        key = message.mailing_id, letter.variant
        if key not in known:
            known[key] = _edition(letter, message.mailing_id)
        edition = known[key]
        if edition is not None:
            getting[message.pk] = edition
    return getting


def _edition(letter: Letter, mailing: int) -> int | None:
    """None for one that cannot be composed: its own messages meet the error again, are refused and say why,
    and the others of the claim are not to wait for it.
    """
    marked = _marked if letter.variant else _marked.__wrapped__
    try:
        words = marked(letter.message.kind, letter.variant, First(letter))
    except Exception:
        logger.exception("An edition of mailing %s could not be made", mailing)
        return None
    digest = sha256("\0".join(words.values()).encode()).hexdigest()
    known = {"language": letter.message.language, **words}
    return Edition.objects.get_or_create(mailing_id=mailing, digest=digest, defaults=known)[0].pk


@lru_cache(maxsize=64)
def _marked(kind: str, variant: Hashable, first: First) -> dict[str, str]:
    """Composed once per variant: each claim of a large mailing has letters of the same ones."""
    mail = KINDS[kind].compose(first.letter, {name: _MARK.format(name) for name in first.letter.fields})
    return {"subject": mail.subject, "text": mail.text, "html": mail.html}


def sent_to(message: Message) -> Mail | None:
    """What went to its reader, with their own fields as they are now; None where that was not kept."""
    return _filled(message.edition, message) if message.edition else None


def sent_in(message: Message, language: str) -> Mail | None:
    """What went last in another language, as the reader of `message` would have had it."""
    editions = Edition.objects.filter(mailing=message.mailing, language=language)
    last = editions.order_by("-created_at", "-pk").first()
    return _filled(last, message) if last else None


def _filled(edition: Edition, message: Message) -> Mail:
    """`message` is one to look at, which is no row: its links open nothing."""
    letter = KINDS[message.kind].letters([message])[0]
    fields = letter.fields

    def words(text: str, escaped: bool) -> str:
        return _MARKED.sub(lambda found: _own(fields, found[1], escaped), text)

    return Mail(
        subject=words(edition.subject, False), text=words(edition.text, False), html=words(edition.html, True)
    )


def _own(fields: Mapping[str, str], name: str, escaped: bool) -> str:
    value = fields.get(name, "…")
    return escape(value) if escaped else value
