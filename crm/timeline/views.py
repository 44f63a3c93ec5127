"""Writing a note or a call down, from the page of a contact or an organisation."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.accounts.access import StaffRequest, requires
from crm.base.once import once
from crm.contacts.models import Contact
from crm.organisations.models import Organisation
from crm.timeline.forms import NoteForm
from crm.timeline.notes import add_note


@requires("contacts.change")
@require_POST
@once
def contact_note(request: StaffRequest, pk: int) -> HttpResponse:
    return _write(request, get_object_or_404(Contact, pk=pk))


@requires("organisations.change")
@require_POST
@once
def organisation_note(request: StaffRequest, pk: int) -> HttpResponse:
    return _write(request, get_object_or_404(Organisation, pk=pk))


def _write(request: StaffRequest, about: Contact | Organisation) -> HttpResponse:
    """The button that was pressed says whether it was a call. What was refused stays in the field."""
    form = NoteForm(request.POST)
    if form.is_valid():
        call = request.POST.get("kind") == "call"
        add_note(about=about, text=form.cleaned_data["text"], call=call, by=request.user)
        messages.success(request, _("Written down."))
        return redirect(f"{about.get_absolute_url()}#timeline")
    context = {"about": about, "form": form, "address": request.path}
    return render(request, "crm/timeline/note_refused.html", context)
