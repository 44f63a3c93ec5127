"""Accounts are made by an admin; nobody signs up. Guessing passwords is slow, and locks nobody out."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest

from crm.accounts.clients import client_of
from crm.accounts.limits import Limit

# A team fails a few times an hour. With so many somebody is guessing from everywhere; then a client has one
# try an hour at an account. Who was not guessing has that one, so nobody outside can lock them out.
_EVERYWHERE = Limit("failed-logins", most=200, seconds=3600)
_HERE = Limit("failed-logins-here", most=1, seconds=3600)


class ClosedAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """ACCOUNT_RATE_LIMITS first; raises ValidationError when there is to be no try now."""
        super().pre_authenticate(request, **credentials)
        if _EVERYWHERE.is_spent() and _HERE.is_spent(
            self._get_login_attempts_cache_key(request, **credentials)
        ):
            raise self.validation_error("too_many_login_attempts")

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        _EVERYWHERE.spend()
        _HERE.spend(self._get_login_attempts_cache_key(request, **credentials))

    def reauthenticate(self, user: AbstractBaseUser, password: str) -> bool:
        """With the address that stands with the user; allauth would look in its own table of addresses."""
        found = self.authenticate(self.request, email=user.get_username(), password=password)
        return found is not None and found.pk == user.pk

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """By client and account together: counted by account alone, whoever knows an address locks it out."""
        return f"{super()._get_login_attempts_cache_key(request, **credentials)}:{client_of(request)}"
