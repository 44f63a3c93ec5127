"""The one way in which a view says what it needs: `@requires("contacts.change")`."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from crm.accounts.ended import log_in_first
from crm.accounts.models import User
from crm.accounts.roles import MATRIX, may

P = ParamSpec("P")


class StaffRequest(HttpRequest):
    """A request behind `requires`: its user is known."""

    user: User


StaffView = Callable[Concatenate[StaffRequest, P], HttpResponse]
# One that may also stream its answer.
_Guarded = Callable[Concatenate[StaffRequest, P], HttpResponseBase]


def requires(
    capability: str, *, largest_file: int = 0
) -> Callable[[_Guarded[P]], Callable[Concatenate[HttpRequest, P], HttpResponseBase]]:
    """Send a stranger to the login page, and answer 403 to a user whose roles lack `capability`.

    A view that takes files says how many bytes it wants at most; to others nobody sends one.
    """
    if capability not in MATRIX:
        raise KeyError(capability)

    def decorate(view: _Guarded[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return log_in_first(request)
            if not may(request.user, capability):
                raise PermissionDenied
            return view(cast(StaffRequest, request), *args, **kwargs)

        if largest_file:
            # The rest of the form around the file is small.
            guarded.takes_files = capability, largest_file + (1 << 20)  # type: ignore[attr-defined]
        return guarded

    return decorate


def logged_in(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Send a stranger to the login page; for what is everybody's own, whatever their role."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            return log_in_first(request)
        return view(request, *args, **kwargs)

    return guarded
