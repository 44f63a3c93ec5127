"""The one way in which a view says what it needs: `@requires("contacts.change")`."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from crm.accounts.models import User
from crm.accounts.roles import MATRIX, may

P = ParamSpec("P")


class StaffRequest(HttpRequest):
    """A request behind `requires`: its user is known."""

    user: User


StaffView = Callable[Concatenate[StaffRequest, P], HttpResponse]


def requires(
    capability: str, *, largest_file: int = 0
) -> Callable[[StaffView[P]], Callable[Concatenate[HttpRequest, P], HttpResponseBase]]:
    """Send a stranger to the login page, and answer 403 to a user whose roles lack `capability`.

    A view that takes files says how many bytes it wants at most; to others nobody sends one.
    """
    if capability not in MATRIX:
        raise KeyError(capability)

    def decorate(view: StaffView[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if not may(request.user, capability):
                raise PermissionDenied
            return view(cast(StaffRequest, request), *args, **kwargs)

        if largest_file:
            # The rest of the form around the file is small.
            guarded.takes_files = capability, largest_file + (1 << 20)  # type: ignore[attr-defined]
        return guarded

    return decorate
