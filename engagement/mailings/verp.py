"""The envelope sender of each message: whoever bounces a mail thereby says which mail it was (VERP).

bounces@example.org becomes bounces+TOKEN@example.org. TOKEN is base32 of 16 bytes message id and 10 bytes
HMAC-SHA256 over it: nobody can make one for a mail that was not sent to them. Base32, since some mail servers
write a local part in lower case; 42 characters, since it may have 64 in all (RFC 5321 section 4.5.3.1.1).
"""

import base64
import binascii
import re
import uuid
from hashlib import sha256
from hmac import compare_digest, digest

from django.conf import settings

from engagement.mailings.mime import sender_address
from engagement.mailings.models import Message

MAC_BYTES = 10
_TOKEN = re.compile(r"\+([a-z2-7]{42})@", re.IGNORECASE)


def verp_sender(message: Message) -> str:
    """The envelope sender of `message`; the sender itself where no BOUNCE_ADDRESS is set."""
    if not settings.BOUNCE_ADDRESS:
        return sender_address()
    local, _, domain = settings.BOUNCE_ADDRESS.rpartition("@")
    return f"{local}+{_token(message.pk)}@{domain}"


def message_of(address: str) -> uuid.UUID | None:
    """The inverse: the id of the message that `address` was made for, None for what was not made here."""
    found = _TOKEN.search(address)
    try:
        raw = base64.b32decode(found[1].upper() + "======") if found else b""
    except binascii.Error:
        return None
    # The last character has bits to spare, so others would mean the same; only ours is one.
    if len(raw) != 16 + MAC_BYTES or not found or _written(raw) != found[1].lower():
        return None
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    genuine = any(compare_digest(raw[16:], _mac(key, raw[:16])) for key in keys)
    return uuid.UUID(bytes=raw[:16]) if genuine else None


def _token(message_id: uuid.UUID) -> str:
    return _written(message_id.bytes + _mac(settings.SECRET_KEY, message_id.bytes))


def _written(raw: bytes) -> str:
    return base64.b32encode(raw).decode().rstrip("=").lower()


def _mac(key: str, message_id: bytes) -> bytes:
    """Bound to this use: the key of no other kind of token makes the same."""
    secret = sha256(b"kwartet.verp" + key.encode()).digest()
    return digest(secret, message_id, "sha256")[:MAC_BYTES]
