"""What holds for every request: who asks, how much they may send, their language, and what is kept."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _

from crm.accounts.clients import real_address
from crm.accounts.ended import note_owner
from crm.accounts.roles import may
from crm.accounts.second_step import lacks_second_step


class ClientAddressMiddleware:
    """From here on REMOTE_ADDR is the address of the client, also behind proxies; nobody else has to ask."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        forwarded = request.META.pop("HTTP_X_FORWARDED_FOR", "")
        peer = request.META.get("REMOTE_ADDR", "")
        request.META["REMOTE_ADDR"] = real_address(peer, forwarded, settings.TRUSTED_PROXIES)
        return self.get_response(request)


class ModestBodiesMiddleware:
    """A body that is larger than anything asked for here is refused before a byte of it is read.

    Without Content-Length there is no body for Django, so nobody gets around it. Comes before whatever reads
    request.POST, as the check of the CSRF token does.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, *_arguments: Any) -> HttpResponse | None:
        most = largest_body(request, view)
        if int(request.META.get("CONTENT_LENGTH") or 0) <= most:
            return None
        return render(request, "413.html", {"kilobytes": most >> 10}, status=413)


def largest_body(request: HttpRequest, view: Any) -> int:
    """In bytes: little of strangers and programs; more of the team; a file only of who may bring one in."""
    if not request.user.is_authenticated:
        return settings.LARGEST_BODY_OF_STRANGERS
    capability, most = getattr(view, "takes_files", ("", 0))
    if capability and may(request.user, capability):
        return int(most)
    return settings.DATA_UPLOAD_MAX_MEMORY_SIZE


class UserLanguageMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = translation.get_language()
        return self.get_response(request)


class SecondStepMiddleware:
    """Where a second step is required, who lacks one comes to the page that adds it, wherever they go."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_arguments: Any) -> HttpResponse | None:
        match = request.resolver_match
        # Logging in and out, the password, and the pages of the step itself.
        is_about_account = match is not None and (match.url_name or "").startswith(("account_", "mfa_"))
        if is_about_account or not lacks_second_step(request.user):
            return None
        messages.warning(request, _("Here a second step is required to log in. Add it first."))
        return redirect("mfa_activate_totp")


class WhoseBrowserMiddleware:
    """Whoever is logged in is remembered by their browser until they log out; see ended.py."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        was_in = request.user.is_authenticated
        response = self.get_response(request)
        if "Authorization" not in request.headers:
            note_owner(request, response, was_in=was_in)
        return response


class NothingStaysBehindMiddleware:
    """What a logged-in user was shown, or a program with a token, is kept by no cache and no browser."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated or request.headers.get("Authorization"):
            response.headers["Cache-Control"] = "no-store"
        return response
