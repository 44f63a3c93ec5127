"""Tokens with which a program speaks for a user: kept as a hash, shown once, and not valid for ever."""

import secrets
from datetime import timedelta
from hashlib import sha256

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from crm.accounts.models import ApiToken, User
from crm.accounts.second_step import lacks_second_step


@transaction.atomic
def make_token(*, user: User) -> str:
    """A new token in place of the earlier one; it cannot be shown again."""
    token = secrets.token_urlsafe(32)
    expires_at = timezone.now() + timedelta(days=settings.API_TOKEN_DAYS)
    values = {"digest": _digest(token), "expires_at": expires_at}
    ApiToken.objects.update_or_create(user=user, defaults=values)
    return token


@transaction.atomic
def remove_token(*, user: User) -> None:
    ApiToken.objects.filter(user=user).delete()


def user_of(token: str) -> User | None:
    """Whose token this is; None for a wrong one, one that ended, and one of who may not log in yet."""
    found = ApiToken.objects.valid().select_related("user").filter(digest=_digest(token)).first()
    return found.user if found and not lacks_second_step(found.user) else None


def _digest(token: str) -> str:
    """A token is random enough to need no salt."""
    return sha256(token.encode()).hexdigest()
