"""Who changed what of a contact or an organisation, and putting an old value back."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.accounts.access import StaffRequest, requires
from crm.contacts.models import Contact
from crm.history.changes import changes_of
from crm.history.restoring import NothingToRestore, restore
from crm.organisations.models import Organisation


@requires("contacts.change")
def contact_history(request: StaffRequest, pk: int) -> HttpResponse:
    return _show(request, get_object_or_404(Contact, pk=pk), "contact")


@requires("organisations.change")
def organisation_history(request: StaffRequest, pk: int) -> HttpResponse:
    return _show(request, get_object_or_404(Organisation, pk=pk), "organisation")


@requires("contacts.change")
@require_POST
def contact_restore(request: StaffRequest, pk: int) -> HttpResponse:
    return _restore(request, get_object_or_404(Contact, pk=pk), "contact")


@requires("organisations.change")
@require_POST
def organisation_restore(request: StaffRequest, pk: int) -> HttpResponse:
    return _restore(request, get_object_or_404(Organisation, pk=pk), "organisation")


def _show(request: StaffRequest, subject: Any, noun: str) -> HttpResponse:
    context = {
        "subject": subject,
        "list_address": reverse(f"{noun}_list"),
        "restore_address": reverse(f"{noun}_restore", args=[subject.pk]),
        "list_title": _("Contacts") if noun == "contact" else _("Organisations"),
        "changes": changes_of(subject),
    }
    return render(request, "crm/history/history.html", context)


def _restore(request: StaffRequest, subject: Any, noun: str) -> HttpResponse:
    try:
        restore(subject=subject, change=request.POST.get("change", ""), actor=request.user)
    except NothingToRestore:
        raise Http404 from None
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Put back."))
    return redirect(f"{noun}_history", pk=subject.pk)
