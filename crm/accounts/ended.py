"""A session that ended while somebody worked: what they sent is kept until they are logged in again.

It waits in the session of the stranger that they have become, which logging in takes along, and is given back
only to the user to whom that browser belonged.
"""

from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.accounts.models import User

# Whose browser it was last; gone once they log out.
COOKIE = "whose"
_KEPT = "kept"
_SALT = "kwartet.whose"
_SECONDS = 14 * 86400
# A stranger's session with what somebody typed goes soon when nobody logs in.
_WAITS = 3600
# Only a question on behalf of a page, such as js/ask.js has: nothing of it is worth keeping.
_ASIDE = "X-Ask"
_NOT_TYPED = {"csrfmiddlewaretoken", "once", "stamp", "known"}


def log_in_first(request: HttpRequest) -> HttpResponse:
    """What a stranger gets instead of a page of the team; one who was logged in is told so.

    htmx would put the login page into a corner of this one, so it is told to leave the page.
    """
    htmx, aside = "HX-Request" in request.headers, _ASIDE in request.headers
    came_back = _page(request) if htmx or request.method == "POST" else request.get_full_path()
    if request.method == "POST" and not aside and keep(request):
        came_back = reverse("account_resume")
    elif _owner(request):
        messages.info(request, _("You were logged out. Log in and you go on where you were."))
    response = redirect_to_login(came_back)
    if not (htmx or aside):
        return response
    return HttpResponse(status=401, headers={"HX-Redirect": response.url})


def keep(request: HttpRequest) -> bool:
    """Keep what was sent, when it is known whose it is. Files are not: they are to be chosen again."""
    owner = _owner(request)
    if owner is None or request.FILES:
        return False
    fields = {name: values for name, values in request.POST.lists() if name != "csrfmiddlewaretoken"}
    typed = [value for name, values in fields.items() if name not in _NOT_TYPED for value in values]
    request.session[_KEPT] = {
        "by": owner,
        "path": request.get_full_path(),
        "page": _page(request),
        "fields": fields,
        "words": sum(len(value.split()) for value in typed),
        # What somebody recognises it by.
        "texts": [value for value in typed if " " in value.strip()],
    }
    if not request.user.is_authenticated:
        request.session.set_expiry(_WAITS)
    return True


def kept_for(user: User, request: HttpRequest) -> dict[str, Any] | None:
    """What waits in the session for `user`; what is somebody else's is forgotten."""
    kept: dict[str, Any] | None = request.session.get(_KEPT)
    if kept and kept["by"] != user.pk:
        forget(request)
        return None
    return kept


def forget(request: HttpRequest) -> None:
    request.session.pop(_KEPT, None)


def note_owner(request: HttpRequest, response: HttpResponse, *, was_in: bool) -> None:
    """Let the browser remember whose it is, until they log out."""
    if request.user.is_authenticated:
        if _owner(request) != request.user.pk:
            response.set_signed_cookie(
                COOKIE,
                str(request.user.pk),
                salt=_SALT,
                max_age=_SECONDS,
                secure=request.is_secure(),
                httponly=True,
                samesite="Lax",
            )
    elif was_in:
        response.delete_cookie(COOKIE)


def _owner(request: HttpRequest) -> int | None:
    """The primary key of whoever was logged in last in this browser."""
    value = request.get_signed_cookie(COOKIE, None, salt=_SALT, max_age=_SECONDS)
    return int(value) if value else None


def _page(request: HttpRequest) -> str:
    """The page on which somebody was, as an address of our own."""
    url = urlsplit(request.headers.get("HX-Current-URL") or request.headers.get("Referer", ""))
    if url.netloc != request.get_host():
        return reverse("today")
    return url._replace(scheme="", netloc="", fragment="").geturl()


def sent_from_here(request: HttpRequest) -> bool:
    """Whether a page of our own sent it, also when its CSRF token is that of an earlier login."""
    return request.headers.get("Sec-Fetch-Site") == "same-origin"


def back_to(kept: dict[str, Any]) -> HttpResponseRedirect:
    """To where it was sent, as it was sent: with 307 a browser sends its form once more."""
    response = HttpResponseRedirect(kept["path"])
    response.status_code = 307
    return response
