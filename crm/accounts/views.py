"""A user's own settings."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _

from crm.accounts.forms import ProfileForm
from crm.accounts.models import User


@login_required
def profile(request: HttpRequest) -> HttpResponse:
    # A copy, so that a refused name or language does not show up in the frame around the form.
    user = User.objects.get(email=request.user.get_username())
    form = ProfileForm(request.POST or None, instance=user)
    if request.method == "POST" and form.is_valid():
        form.save()
        translation.activate(user.language)
        messages.success(request, _("Your settings are saved."))
        return redirect("account_profile")
    return render(request, "account/profile.html", {"form": form})
