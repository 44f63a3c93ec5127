"""What somebody sees when the database is busy: nothing was lost, and a button sends the same again."""

import logging
import sys
from http import HTTPStatus

from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.views.defaults import server_error

RETRY_AFTER = 10  # seconds
logger = logging.getLogger(__name__)


def error_page(request: HttpRequest) -> HttpResponseBase:
    """Django calls it while the exception is in hand; one of the database passes, so it is no 500.

    SQLite has one writer at a time; PostgreSQL may be restarting.
    """
    error = sys.exc_info()[1]
    if not isinstance(error, OperationalError):
        return server_error(request)
    logger.warning("The database did not take a %s: %s", request.method, type(error).__name__)
    response = _busy(request)
    response.status_code = HTTPStatus.SERVICE_UNAVAILABLE
    response["Retry-After"] = str(RETRY_AFTER)
    return response


def _busy(request: HttpRequest) -> HttpResponse:
    if "/json" in request.META.get("CONTENT_TYPE", "") or request.headers.get("Authorization"):
        return JsonResponse({"detail": "The database is busy. Nothing was changed; try again."})
    # Without the cookie there is no session to ride on; the pages behind links in mails set none.
    known = settings.CSRF_COOKIE_NAME in request.COOKIES
    context = {
        "fields": _sent(request),
        "again": request.method == "POST" and _may_be_repeated(request),
        "csrf_field": get_token(request) if known else "",
        "address": request.get_full_path(),
    }
    # Without the request: what else a page shows is asked of the database.
    return HttpResponse(render_to_string("503.html", context))


def _may_be_repeated(request: HttpRequest) -> bool:
    """A page holds no password of somebody, and no file."""
    return not request.FILES and not any("password" in name for name in request.POST)


def _sent(request: HttpRequest) -> list[tuple[str, str]]:
    return [
        (name, str(value))
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken"
        for value in values
    ]
