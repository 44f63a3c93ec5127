"""The list of contacts, a contact's page, its form and deleting it."""

from contextlib import suppress

from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from crm.accounts.access import StaffRequest, requires
from crm.bodies.shown import seats_of_contact
from crm.conflicts import ChangedMeanwhile
from crm.contacts import shown
from crm.contacts.exports import contact_table
from crm.contacts.filters import ContactFilter
from crm.contacts.forms import ContactForms
from crm.contacts.models import Contact
from crm.contacts.services import NAME_FIELDS, OWN, delete_contact, save_contact
from crm.duplicates.models import Merge
from crm.duplicates.proposals import open_pairs
from crm.exports.response import download
from crm.exports.vcard import vcards
from crm.exports.writers import FORMATS
from crm.organisations.models import Organisation
from crm.paging import key_set_page
from crm.preferences.rules import suppressed_digests
from crm.preferences.shown import answers
from crm.provenance.models import Provenance
from crm.segments.models import Segment
from crm.segments.services import as_stored
from crm.timeline.shown import timeline_of
from crm.usage import StillInUse, uses_of


@requires("contacts.view")
def contact_list(request: StaffRequest) -> HttpResponse:
    segment = Segment.objects.chosen_by(request.user, request.GET)
    data = segment.query() if segment else request.GET
    chosen = ContactFilter(data, Contact.objects.all())
    totals = shown.totals(chosen.qs)
    page = key_set_page(
        chosen.qs.for_list(),
        order="sort_key",
        after=request.GET.get("after"),
        before=request.GET.get("before"),
        total=totals["found"],
    )
    context = {
        "form": chosen.form,
        "chips": shown.chips(data, chosen.form.cleaned_data),
        "switch": shown.sector_switch(data),
        "organisations": shown.organisations_of(chosen.qs),
        "segment": segment,
        "segments": Segment.objects.visible_to(request.user),
        "filter": data.urlencode() if as_stored(data) else "",
        "everybody": Contact.objects.count(),
        "purposes": shown.SHOWN_PURPOSES,
        "page": page,
        "rows": shown.list_rows(page.rows),
        "formats": [*((kind, one.label) for kind, one in FORMATS.items()), ("vcard", "vCard")],
        **totals,
    }
    return render(request, "crm/contacts/list.html", context)


@requires("contacts.export")
def contact_export(request: StaffRequest, kind: str) -> HttpResponse:
    """The list as it is filtered now, as a file; a wrong filter exports nothing."""
    segment = Segment.objects.chosen_by(request.user, request.GET)
    data = segment.query() if segment else request.GET
    chosen = ContactFilter(data, Contact.objects.all())
    if not chosen.is_valid() or kind not in (*FORMATS, "vcard"):
        raise Http404
    people = chosen.qs.for_list().order_by("sort_key", "pk").iterator(chunk_size=500)
    if kind == "vcard":
        name, suffix, content_type = _("Contacts"), "vcf", "text/vcard; charset=utf-8"
        content = vcards(people)
    else:
        form, table = FORMATS[kind], contact_table(people, about=shown.about(data, chosen))
        name, suffix, content_type, content = table.name, form.suffix, form.content_type, form.write(table)
    return download(content, name=name, suffix=suffix, content_type=content_type, user=request.user)


@requires("contacts.view")
def contact_detail(request: StaffRequest, pk: int) -> HttpResponse:
    if merged := Merge.objects.of_gone(Contact, pk).first():
        return redirect(merged.kept)
    contact = get_object_or_404(Contact, pk=pk)
    prefetch_related_objects(
        [contact], "contact_points", "preferences", "themes", "affiliations__organisation__sectors"
    )
    seats, former_seats = seats_of_contact(contact, timezone.localdate())
    context = {
        "contact": contact,
        "doubles": len(open_pairs(contact)),
        "seats": seats,
        "former_seats": former_seats,
        "current": [row for row in contact.affiliations.all() if row.ended_on is None],
        "answers": answers(contact),
        "unreachable": shown.why_unreachable(contact, suppressed_digests([contact.email()])),
        "salutations": shown.salutations(contact),
        "points": shown.points(contact),
        "provenance": Provenance.objects.filter(contact=contact, told_at=None).first(),
        "timeline": timeline_of(
            contact, group=request.GET.get("group", ""), length=request.GET.get("length", "")
        ),
    }
    return render(request, "crm/contacts/detail.html", context)


@requires("contacts.change")
def contact_new(request: StaffRequest) -> HttpResponse:
    return _form(request, None)


@requires("contacts.change")
def contact_edit(request: StaffRequest, pk: int) -> HttpResponse:
    return _form(request, get_object_or_404(Contact, pk=pk))


@requires("contacts.delete")
@require_http_methods(["GET", "HEAD", "POST"])
def contact_delete(request: StaffRequest, pk: int) -> HttpResponse:
    """Says where the contact is still used; only one that is not used can go."""
    contact = get_object_or_404(Contact, pk=pk)
    name = str(contact)
    if request.method == "POST":
        with suppress(StillInUse):
            delete_contact(contact=contact)
            messages.success(request, _("%(name)s is deleted.") % {"name": name})
            return redirect("contact_list")
    context = {"contact": contact, "uses": uses_of(contact, own=OWN)}
    return render(request, "crm/contacts/delete.html", context)


def _form(request: StaffRequest, contact: Contact | None) -> HttpResponse:
    forms = ContactForms(request.POST if request.method == "POST" else None, contact)
    if request.method == "POST" and forms.is_valid():
        try:
            saved = _save(request, contact, forms)
        except ChangedMeanwhile as changed:
            forms.changed_meanwhile(changed)
        else:
            messages.success(request, _("%(name)s is saved.") % {"name": saved})
            return redirect(saved)
    context = {
        "contact": Contact.objects.get(pk=contact.pk) if contact else None,
        "forms": forms,
        "organisations": Organisation.objects.values_list("name", flat=True),
    }
    return render(request, "crm/contacts/form.html", context)


def _save(request: StaffRequest, contact: Contact | None, forms: ContactForms) -> Contact:
    person = forms.person.cleaned_data
    return save_contact(
        contact=contact,
        fields={name: person[name] for name in NAME_FIELDS},
        themes=person["themes"],
        points=forms.points.filled(),
        affiliations=forms.affiliations.filled(),
        actor=request.user,
        stamp=request.POST.get("stamp", ""),
    )
