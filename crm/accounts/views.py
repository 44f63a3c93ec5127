"""A user's own settings."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from crm.accounts.forms import ProfileForm
from crm.accounts.models import ApiToken, User
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
    context = {"form": form, "token": ApiToken.objects.valid().filter(user=user).first()}
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
