"""The list of contacts, a contact's page, its form and deleting it."""

from contextlib import suppress

from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.accounts.access import StaffRequest, requires
from crm.base.asking import Question, ask
from crm.base.conflicts import ChangedMeanwhile
from crm.base.downloads import as_download, download
from crm.base.fields import numbers_in
from crm.base.once import once
from crm.base.paging import in_order, key_set_page
from crm.base.parts import StillInUse, uses_of
from crm.base.writers import FORMATS
from crm.bodies.shown import seats_of_contact
from crm.contacts.forms import ContactForms
from crm.contacts.listing import list_actions, list_columns, read_with
from crm.contacts.models import Contact
from crm.contacts.reach import shown_points
from crm.contacts.services import NAME_FIELDS, delete_contact, save_contact
from crm.directory.contacts import shown
from crm.directory.contacts.chips import about, chips
from crm.directory.contacts.columns import choose_columns, columns_of, heads, table
from crm.directory.contacts.exports import contact_table
from crm.directory.contacts.filters import ContactFilter
from crm.directory.segments.models import Segment
from crm.directory.segments.services import as_stored, stored_query
from crm.duplicates.lookalikes import Lookalike, lookalikes_of_typed
from crm.duplicates.models import Merge
from crm.duplicates.proposals import open_pairs
from crm.exchange.vcard import vcards
from crm.organisations.models import Organisation
from crm.preferences.rules import suppressed_digests
from crm.preferences.shown import answers, why_unreachable
from crm.provenance.models import Provenance
from crm.provenance.services import note_told, take_back_told
from crm.timeline.shown import timeline_of


@requires("contacts.view")
def contact_list(request: StaffRequest) -> HttpResponse:
    segment, data = _asked(request)
    chosen = ContactFilter(data, Contact.objects.all(), reader=request.user)
    order = shown.order_of(request.GET.get("sort", ""))
    columns = columns_of(request.user)
    asked = f"segment={segment.pk}" if segment else stored_query(data)
    actions = list_actions(request.user) if asked else []
    numbers = shown.numbers(data, chosen, actions)
    page = key_set_page(
        read_with(chosen.qs, columns),
        order=order,
        after=request.GET.get("after"),
        before=request.GET.get("before"),
        total=numbers.found,
    )
    context = {
        "form": chosen.form,
        "chips": chips(data, chosen.form.cleaned_data),
        "switch": shown.sector_switch(data, numbers),
        "acts": [(one, one.words(numbers.by_action[one.page])) for one in actions],
        "segment": segment,
        "filter": stored_query(data),
        "asked": asked,
        "kept": [
            (name, value) for name, values in as_stored(data).items() if name != "q" for value in values
        ],
        "found": numbers.found,
        "numbers": numbers,
        "columns": columns,
        "all_columns": list_columns(),
        "heads": heads(columns, order),
        "page": page,
        "table": table(page.rows, columns),
        "formats": [*((kind, one.label) for kind, one in FORMATS.items()), ("vcard", "vCard")],
        "open_filters": "filters" in request.GET or chosen.form.errors,
    }
    return render(request, "crm/contacts/list.html", context)


@requires("contacts.view")
@require_safe
def contact_filters(request: StaffRequest) -> HttpResponse:
    """The fields of all filters, filled in as the address says, for when somebody opens them."""
    _segment, data = _asked(request)
    form = ContactFilter(data, Contact.objects.all(), reader=request.user).form
    return render(request, "crm/contacts/filter_fields.html", {"form": form})


def _asked(request: StaffRequest) -> tuple[Segment | None, QueryDict]:
    """The selection that the address names, if any, and the filter: its own, else that in the address."""
    segment = Segment.objects.chosen_by(request.user, request.GET)
    return segment, segment.query() if segment else request.GET


@requires("contacts.view")
@require_POST
def contact_columns(request: StaffRequest) -> HttpResponse:
    """Everybody has columns of their own; back to the list as it was."""
    choose_columns(user=request.user, names=request.POST.getlist("column"))
    return redirect(f"{reverse('contact_list')}?{request.GET.urlencode()}")


@requires("contacts.export")
@require_safe
def contact_export(request: StaffRequest, kind: str) -> HttpResponse:
    """The list as it is filtered and sorted now, as a file; a wrong filter exports nothing."""
    _segment, data = _asked(request)
    chosen = ContactFilter(data, Contact.objects.all(), reader=request.user)
    if not chosen.is_valid() or kind not in (*FORMATS, "vcard"):
        raise Http404
    if "ticked" in request.GET and not chosen.form.cleaned_data["pick"]:
        messages.warning(request, _("Nobody was ticked, so there is nothing to export."))
        return redirect("contact_list")
    order = shown.order_of(request.GET.get("sort", ""))
    columns = columns_of(request.user) if request.GET.get("columns") == "shown" else []
    people = in_order(read_with(chosen.qs, columns), order).iterator(chunk_size=500)
    if kind == "vcard":
        name, suffix, content_type = _("Contacts"), "vcf", "text/vcard; charset=utf-8"
        return download(
            vcards(people), name=name, suffix=suffix, content_type=content_type, user=request.user
        )
    wanted = columns if request.GET.get("columns") == "shown" else None
    table = contact_table(people, about=about(data, chosen), columns=wanted)
    return as_download(table, FORMATS[kind], user=request.user)


@requires("contacts.view")
def contact_detail(request: StaffRequest, pk: int) -> HttpResponse:
    if merged := Merge.objects.of_gone(Contact, pk).first():
        return redirect(merged.kept)
    contact = get_object_or_404(Contact.objects.select_related("import_batch"), pk=pk)
    prefetch_related_objects(
        [contact], "contact_points", "preferences", "themes", "tags", "affiliations__organisation__sectors"
    )
    seats, former_seats = seats_of_contact(contact, timezone.localdate())
    context = {
        "contact": contact,
        "doubles": len(open_pairs(contact)),
        "seats": seats,
        "former_seats": former_seats,
        "current": [row for row in contact.affiliations.all() if row.ended_on is None],
        "answers": answers(contact),
        "unreachable": why_unreachable(contact, suppressed_digests([contact.email()])),
        "salutations": shown.salutations(contact),
        "points": shown_points(contact),
        "provenance": Provenance.objects.filter(contact=contact).first(),
        "timeline": timeline_of(
            contact,
            reader=request.user,
            group=request.GET.get("group", ""),
            length=request.GET.get("length", ""),
        ),
    }
    return render(request, "crm/contacts/detail.html", context)


@requires("contacts.change")
@once
def contact_new(request: StaffRequest) -> HttpResponse:
    return _form(request, None)


@requires("contacts.change")
def contact_edit(request: StaffRequest, pk: int) -> HttpResponse:
    return _form(request, get_object_or_404(Contact, pk=pk))


@requires("contacts.change")
@require_POST
def contact_told(request: StaffRequest, pk: int) -> HttpResponse:
    """Somebody wrote to them where their data come from, or had said so by mistake."""
    contact = get_object_or_404(Contact, pk=pk)
    people = Provenance.objects.filter(contact=contact)
    if told_at := request.POST.get("back"):
        take_back_told(people=people, told_at=told_at, by=request.user)
    else:
        note_told(people=people, by=request.user)
    return redirect(contact)


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
    context = {"name": name, "uses": uses_of(contact)}
    return ask(request, Question("crm/contacts/delete.html", contact.get_absolute_url(), context))


def _form(request: StaffRequest, contact: Contact | None) -> HttpResponse:
    forms = ContactForms(request.POST if request.method == "POST" else None, contact)
    known = _known(request, forms) if request.method == "POST" and contact is None else []
    if request.method == "POST" and forms.is_valid() and not known:
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
        "known": known,
        "organisations": Organisation.objects.values_list("name", flat=True),
    }
    return render(request, "crm/contacts/form.html", context)


def _known(request: StaffRequest, forms: ContactForms) -> list[Lookalike]:
    """Who is known already under what was typed, when that was not said while it was."""
    known = lookalikes_of_typed(forms)
    told = set(numbers_in(request.POST.getlist("known")))
    return [] if told.issuperset(one.contact.pk for one in known) else known


def _save(request: StaffRequest, contact: Contact | None, forms: ContactForms) -> Contact:
    person = forms.person.cleaned_data
    return save_contact(
        contact=contact,
        fields={name: person[name] for name in NAME_FIELDS},
        themes=person["themes"],
        tags=person["tags"],
        points=forms.points.filled(),
        affiliations=forms.affiliations.filled(),
        actor=request.user,
        stamp=request.POST.get("stamp", ""),
    )
