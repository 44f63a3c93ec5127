"""Making and opening tokens.

A token is base64url of 16 bytes link id and 16 bytes HMAC-SHA256 over purpose and id under SECRET_KEY:
the database alone does not give it away, one purpose's token opens nothing else, and the same link
gives the same URL each time a mail is rendered.
"""

import base64
import binascii
import uuid
from datetime import datetime
from hashlib import sha256
from hmac import compare_digest, digest

from django.conf import settings
from django.utils import timezone

from crm.contacts.models import Contact
from crm.links.models import Link, LinkPurpose

MAC_BYTES = 16


class LinkError(Exception):
    """The token opens nothing: wrong, foreign or of another purpose."""


class LinkExpired(LinkError):
    """The token was right once."""


def _mac(key: str, purpose: str, link_id: uuid.UUID) -> bytes:
    secret = sha256(b"kwartet.links" + key.encode()).digest()
    return digest(secret, purpose.encode() + b":" + link_id.bytes, "sha256")[:MAC_BYTES]


def token_of(link: Link) -> str:
    """The 43 characters that open `link`."""
    raw = link.id.bytes + _mac(settings.SECRET_KEY, link.purpose, link.id)
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def link_for(
    *, contact: Contact, purpose: LinkPurpose, subject: str = "", expires_at: datetime | None = None
) -> Link:
    """The link of this contact for this purpose and subject, made when there is none yet."""
    link, created = Link.objects.get_or_create(
        contact=contact,
        purpose=purpose,
        subject=subject,
        superseded=False,
        defaults={"expires_at": expires_at},
    )
    if not created and link.expires_at != expires_at:
        link.expires_at = expires_at
        link.save(update_fields=["expires_at"])
    return link


def open_link(token: str, purpose: LinkPurpose) -> Link:
    """The link that `token` opens for `purpose`; raises LinkError or LinkExpired."""
    try:
        raw = base64.b64decode(token + "=", altchars=b"-_", validate=True)
        link_id = uuid.UUID(bytes=raw[:16])
    except (binascii.Error, ValueError) as error:
        raise LinkError from error
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    if not any(compare_digest(raw[16:], _mac(key, purpose, link_id)) for key in keys):
        raise LinkError
    link = Link.objects.select_related("contact").filter(pk=link_id, purpose=purpose).first()
    if link is None:
        raise LinkError
    if link.expires_at is not None and link.expires_at <= timezone.now():
        raise LinkExpired
    return link
