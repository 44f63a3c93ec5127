"""A user's own settings."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from crm.accounts import ended
from crm.accounts.access import StaffRequest, logged_in
from crm.accounts.forms import ProfileForm
from crm.accounts.models import ApiToken, User
from crm.accounts.second_step import has_second_step
from crm.accounts.sessions import end_sessions, sessions_of
from crm.accounts.tokens import make_token, remove_token


@logged_in
def profile(request: HttpRequest) -> HttpResponse:
    # A copy, so that a refused name or language does not show up in the frame around the form.
    user = User.objects.get(email=request.user.get_username())
    form = ProfileForm(request.POST if request.method == "POST" else None, instance=user)
    if request.method == "POST" and form.is_valid():
        form.save()
        translation.activate(user.language)
        messages.success(request, _("Your settings are saved."))
        return redirect("account_profile")
    context = {
        "form": form,
        "token": ApiToken.objects.valid().filter(user=user).first(),
        "has_second_step": has_second_step(user),
    }
    return render(request, "account/profile.html", context)


@logged_in
@require_POST
@never_cache
def token(request: HttpRequest) -> HttpResponse:
    """Make a token for a program, shown this once; or take it away."""
    user = User.objects.get(email=request.user.get_username())
    if "remove" in request.POST:
        remove_token(user=user)
        messages.success(request, _("The token is gone: programs that used it are locked out."))
        return redirect("account_profile")
    made = make_token(user=user)
    return render(request, "account/token.html", {"made": made, "ends": user.api_token.expires_at})


@logged_in
@require_http_methods(["GET", "HEAD", "POST"])
def sessions(request: HttpRequest) -> HttpResponse:
    """Where this user is logged in; one or all others are ended, and whoever ends this one logs in anew."""
    user = User.objects.get(email=request.user.get_username())
    if request.method == "POST":
        number = end_sessions(
            user=user, key=request.POST.get("end", ""), but=request.session.session_key or ""
        )
        words = ngettext("%(n)s session was ended.", "%(n)s sessions were ended.", number)
        messages.success(request, words % {"n": number})
        return redirect("account_sessions")
    return render(request, "account/sessions.html", {"sessions": sessions_of(user)})


@logged_in
@require_http_methods(["GET", "HEAD", "POST"])
def resume(request: HttpRequest) -> HttpResponse:
    """What somebody sent when their session had ended: look at it, and send it once more or leave it."""
    kept = ended.kept_for(cast(StaffRequest, request).user, request)
    if kept is None or request.method != "POST":
        every = kept["fields"].items() if kept else ()
        fields = [(name, value) for name, values in every for value in values]
        return render(request, "account/resume.html", {"kept": kept, "fields": fields})
    ended.forget(request)
    return redirect(kept["page"]) if "leave" in request.GET else ended.back_to(kept)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form is of an earlier login: what was typed in it is kept for whoever is logged in by now."""
    user = cast(StaffRequest, request).user
    if user.is_authenticated and ended.sent_from_here(request) and ended.keep(request):
        return redirect("account_resume")
    return render(request, "403_csrf.html", status=403)
