"""Making and opening tokens.

A token is base64url of 16 bytes link id and 16 bytes HMAC-SHA256 over purpose and id under SECRET_KEY:
the database alone does not give it away, one purpose's token opens nothing else, and the same link
gives the same URL each time a mail is rendered.
"""

import base64
import binascii
import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from hmac import compare_digest, digest

from django.conf import settings
from django.db import transaction
from django.db.models.expressions import RawSQL
from django.utils import timezone

from crm.base import bulk_rows
from crm.contacts.models import Contact
from crm.links.models import Link
from crm.links.purposes import PURPOSES

MAC_BYTES = 16


class LinkError(Exception):
    """The token opens nothing: wrong, foreign or of another purpose."""


class LinkExpired(LinkError):
    """The token was right once."""


@lru_cache(maxsize=8)
def _secret(key: str) -> bytes:
    return sha256(b"kwartet.links" + key.encode()).digest()


def _mac(key: str, purpose: str, link_id: uuid.UUID) -> bytes:
    return digest(_secret(key), purpose.encode() + b":" + link_id.bytes, "sha256")[:MAC_BYTES]


def token_of(link: Link) -> str:
    """The 43 characters that open `link`."""
    return token_for(link.id, link.purpose)


def token_for(link_id: uuid.UUID, purpose: str) -> str:
    """The same, of a link known by its key."""
    return _written(link_id.bytes + _mac(settings.SECRET_KEY, purpose, link_id))


def _written(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


@dataclass(frozen=True)
class Wanted:
    """What a link is to open; `contact` is a primary key."""

    contact: int
    purpose: str
    subject: str = ""
    expires_at: datetime | None = None

    @property
    def key(self) -> "_Key":
        return self.contact, self.purpose, self.subject


def link_for(
    *, contact: Contact, purpose: str, subject: str = "", expires_at: datetime | None = None
) -> Link:
    """The link of this contact for this purpose and subject, made when there is none yet.

    KeyError for a purpose that nobody registered.
    """
    if purpose not in PURPOSES:
        raise KeyError(purpose)
    wanted = Wanted(contact.pk, purpose, subject, expires_at)
    return Link.objects.get(pk=links_for([wanted])[wanted])


@transaction.atomic
def links_for(wanted: Collection[Wanted]) -> dict[Wanted, uuid.UUID]:
    """The key of the link for each, in a few statements; made, or given another end, where need be."""
    found = _known(wanted)
    missing = {one.key: one for one in wanted if one.key not in found}
    found |= _made(missing)
    for one in wanted:
        key, expires_at = found[one.key]
        if expires_at != one.expires_at:
            Link.objects.filter(pk=key).update(expires_at=one.expires_at)
    return {one: found[one.key][0] for one in wanted}


_Key = tuple[int, str, str]
_Known = dict[_Key, tuple[uuid.UUID, datetime | None]]


def _made(missing: Mapping[_Key, Wanted]) -> _Known:
    """Those that are missing, written past the ORM: a mailing needs thousands of them."""
    made = {key: (uuid.uuid4(), one.expires_at) for key, one in missing.items()}
    by_end: dict[datetime | None, list[bulk_rows.Row]] = {}
    for key, (link_id, end) in made.items():
        by_end.setdefault(end, []).append((link_id.hex, *key))
    columns = ("id", "contact_id", "purpose", "subject")
    ends = by_end.items()
    stored = sum(bulk_rows.insert_missing(Link, columns, rows, expires_at=end) for end, rows in ends)
    # Another process made the same at this moment: then its link is the one.
    return made if stored == len(made) else _known(missing.values())


def _known(wanted: Iterable[Wanted]) -> _Known:
    """(key, end) of the links that are there. Each is looked up by its whole key: who is invited often has
    many links.
    """
    source, keys = bulk_rows.keyed([one.key for one in wanted], ("bigint", "text", "text"))
    there = RawSQL(  # noqa: S611 -- `source` has the places of the keys
        f"SELECT l.id FROM {source} JOIN crm_link l ON (l.contact_id, l.purpose, l.subject) = (c0, c1, c2) "  # noqa: S608
        "AND NOT l.superseded",
        keys,
    )
    rows = Link.objects.filter(pk__in=there).values_list("contact", "purpose", "subject", "pk", "expires_at")
    return {(contact, purpose, subject): (pk, end) for contact, purpose, subject, pk, end in rows}


def link_key(token: str, purpose: str) -> uuid.UUID:
    """The key of the link that `token` opens for `purpose`, told without the database; raises LinkError."""
    try:
        raw = base64.b64decode(token + "=", altchars=b"-_", validate=True)
        link_id = uuid.UUID(bytes=raw[:16])
    except (binascii.Error, ValueError) as error:
        raise LinkError from error
    # The last character has two bits to spare, so four tokens would mean the same; only ours is one.
    if _written(raw) != token:
        raise LinkError
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    if not any(compare_digest(raw[16:], _mac(key, purpose, link_id)) for key in keys):
        raise LinkError
    return link_id


def open_link(token: str, purpose: str) -> Link:
    """The link that `token` opens for `purpose`; raises LinkError or LinkExpired."""
    key = link_key(token, purpose)
    link = Link.objects.select_related("contact").filter(pk=key, purpose=purpose).first()
    if link is None:
        raise LinkError
    if link.expires_at is not None and link.expires_at <= timezone.now():
        raise LinkExpired
    return link
