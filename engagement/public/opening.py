"""How a page for somebody without an account opens: no cookie, the token in the URL is the key.

GET and HEAD change nothing, since mail scanners open every link (RFC 9110 section 9.2.1); POST records.
There is no CSRF token because there is no session to ride on: whoever knows the URL may do what it says.
"""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from crm.accounts.clients import client_of
from crm.accounts.limits import Limit
from crm.contacts.formality import VARIETIES, variety
from crm.contacts.models import Contact
from crm.contacts.names import UnresolvedSalutation, salutation
from crm.links.models import Link
from crm.links.services import LinkError, LinkExpired, open_link, token_of
from crm.preferences.links import PREFERENCES

# A person changes their mind a few times; an office, or a campus, answers by one address.
_BY_LINK = Limit("posts-by-link", most=20, seconds=600)
_BY_CLIENT = Limit("posts-by-client", most=120, seconds=60)

LinkView = Callable[[HttpRequest, Link, str], HttpResponse]


def as_the_reader_likes(link: Link, asked: str) -> str:
    """Or as the mail did that led here."""
    return asked if asked in VARIETIES else variety(link.contact.language, link.contact.formality)


def opened_by(
    purpose: str, spoken: Callable[[Link, str], str] = as_the_reader_likes
) -> Callable[[LinkView], Callable[..., HttpResponse]]:
    """The view gets the link that the token opens; a wrong or expired token gets a page that says so.

    `spoken` gives its variety of language for a link and for what ?lang= asks.
    """

    def decorate(view: LinkView) -> Callable[..., HttpResponse]:
        @never_cache
        @csrf_exempt
        @require_http_methods(["GET", "HEAD", "POST"])
        @wraps(view)
        def open_first(request: HttpRequest, token: str) -> HttpResponse:
            try:
                link = open_link(token, purpose)
            except LinkError as error:
                response = refused(request, expired=isinstance(error, LinkExpired))
            else:
                with translation.override(spoken(link, request.GET.get("lang", ""))):
                    response = view(request, link, token)
            response["Referrer-Policy"] = "no-referrer"
            response["X-Robots-Tag"] = "noindex, nofollow"
            return response

        return open_first

    return decorate


def refused(request: HttpRequest, *, expired: bool) -> HttpResponse:
    status = 410 if expired else 404
    return render(request, "engagement/public/refused.html", {"expired": expired}, status=status)


class TooOften(Exception):
    """More was sent by this link, or by this client, than people send."""


def is_seldom(link: Link) -> bool:
    """Whether this link was used no more often just now than people do; asking counts."""
    return _BY_LINK.spend(link.pk)


def count_post(request: HttpRequest, link: Link) -> None:
    if not (is_seldom(link) and _BY_CLIENT.spend(client_of(request))):
        raise TooOften


def wait() -> str:
    return _("This was sent very often just now. Wait ten minutes and send it again: it still stands here.")


def token_in_mails(contact: Contact, purpose: str, subject: str = "") -> str:
    """The token that is in the person's mails, "" where none is: looking makes none."""
    link = Link.objects.filter(contact=contact, purpose=purpose, subject=subject, superseded=False).first()
    return token_of(link) if link else ""


def preferences_token(contact: Contact) -> str:
    return token_in_mails(contact, PREFERENCES)


def greeting(contact: Contact) -> str:
    """The salutation in the active language, "" where there is none that fits."""
    try:
        return salutation(contact, (translation.get_language() or "nl")[:2], contact.formality)
    except UnresolvedSalutation:
        return ""
