"""A user's own settings."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from crm.accounts.forms import ProfileForm
from crm.accounts.models import ApiToken, User
from crm.accounts.second_step import has_second_step
from crm.accounts.sessions import end_sessions, sessions_of
from crm.accounts.tokens import make_token, remove_token


@login_required
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


@login_required
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


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def sessions(request: HttpRequest) -> HttpResponse:
    """Where this user is logged in; one or all others are ended, and whoever ends this one logs in anew."""
    user = User.objects.get(email=request.user.get_username())
    if request.method == "POST":
        ended = end_sessions(
            user=user, key=request.POST.get("end", ""), but=request.session.session_key or ""
        )
        words = ngettext("%(n)s session was ended.", "%(n)s sessions were ended.", ended)
        messages.success(request, words % {"n": ended})
        return redirect("account_sessions")
    return render(request, "account/sessions.html", {"sessions": sessions_of(user)})
