"""What a contact wants to receive, as told to the team, and the ledger behind it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from crm.accounts.access import StaffRequest, requires
from crm.contacts.models import Contact
from crm.preferences.forms import ToldForm
from crm.preferences.models import Source
from crm.preferences.services import record_answers
from crm.preferences.shown import answers


@requires("preferences.change")
def contact_preferences(request: StaffRequest, pk: int) -> HttpResponse:
    contact = get_object_or_404(Contact, pk=pk)
    form = ToldForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        record_answers(
            contact=contact,
            answers=form.answers(),
            source=Source.STAFF,
            source_detail=form.cleaned_data["detail"],
            recorded_by=request.user,
        )
        messages.success(request, _("Recorded."))
        return redirect(contact)
    ledger = contact.consent_records.select_related("recorded_by")
    lines = [(line, form[line.purpose]) for line in answers(contact)]
    context = {"contact": contact, "form": form, "lines": lines, "ledger": ledger}
    return render(request, "crm/preferences/contact.html", context)
