"""Logging in with the one address that stands with the user."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.http import HttpRequest

from crm.accounts.models import User


class OwnAddressBackend(AuthenticationBackend):
    """allauth keeps addresses in a table of its own too: with one of those, which may have been the user's
    before an admin changed it, nobody gets in.
    """

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> User | None:
        user = super().authenticate(request, **credentials)
        address = credentials.get("email") or credentials.get("username") or ""
        return user if isinstance(user, User) and user.has_address(address) else None
