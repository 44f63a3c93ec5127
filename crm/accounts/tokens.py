"""Tokens with which a program speaks for a user: kept as a hash, shown once."""

import secrets
from hashlib import sha256

from django.db import transaction

from crm.accounts.models import ApiToken, User


@transaction.atomic
def make_token(*, user: User) -> str:
    """A new token in place of the earlier one; it cannot be shown again."""
    token = secrets.token_urlsafe(32)
    ApiToken.objects.update_or_create(user=user, defaults={"digest": _digest(token)})
    return token


@transaction.atomic
def remove_token(*, user: User) -> None:
    ApiToken.objects.filter(user=user).delete()


def user_of(token: str) -> User | None:
    """Whose token this is; None for a wrong one and for who may not log in any more."""
    found = (
        ApiToken.objects.select_related("user").filter(digest=_digest(token), user__is_active=True).first()
    )
    return found.user if found else None


def _digest(token: str) -> str:
    """A token is random enough to need no salt."""
    return sha256(token.encode()).hexdigest()
