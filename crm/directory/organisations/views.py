"""The list of organisations, an organisation's page, its form and deleting it."""

from contextlib import suppress

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from crm.accounts.access import StaffRequest, requires
from crm.base.asking import Question, ask
from crm.base.conflicts import ChangedMeanwhile, in_words, stamp_input, stamp_of
from crm.base.downloads import as_download
from crm.base.once import once
from crm.base.paging import capped, key_set_page
from crm.base.parts import StillInUse, uses_of
from crm.base.writers import FORMATS
from crm.bodies.shown import seats_of_organisation
from crm.contacts.happenings import change_rows
from crm.contacts.models import Affiliation
from crm.directory.organisations.exports import about, organisation_table
from crm.directory.organisations.filters import OrganisationFilter
from crm.directory.organisations.shown import sector_switch, tag_chips
from crm.duplicates.models import Merge
from crm.duplicates.proposals import open_pairs
from crm.organisations.forms import OrganisationForm
from crm.organisations.models import Organisation
from crm.organisations.services import delete_organisation, picture_of, save_organisation
from crm.timeline.shown import timeline_of

_MOST_OFFERED = 20
_PEOPLE = Count("affiliations__contact", filter=Q(affiliations__ended_on=None), distinct=True)
_WHOLE = Organisation.objects.select_related("parent").prefetch_related(
    "sectors", "aliases", "tags", "children__sectors"
)


@requires("organisations.view")
def organisation_list(request: StaffRequest) -> HttpResponse:
    chosen = OrganisationFilter(request.GET, Organisation.objects.all())
    found = Organisation.objects.filter(pk__in=chosen.qs.order_by().values("pk"))
    page = key_set_page(
        found.annotate(people=_PEOPLE).prefetch_related("sectors", "tags"),
        order="key",
        after=request.GET.get("after"),
        before=request.GET.get("before"),
        total=capped(found),
    )
    context = {"form": chosen.form, "page": page, "switch": sector_switch(request.GET)}
    context |= {"formats": FORMATS.items(), "chips": tag_chips(request.GET, chosen.form.cleaned_data)}
    return render(
        request, "crm/organisations/list.html", context | {"everything": Organisation.objects.count()}
    )


@requires("organisations.export")
@require_safe
def organisation_export(request: StaffRequest, kind: str) -> HttpResponse:
    """The list as it is filtered now, as a file; a wrong filter exports nothing."""
    chosen = OrganisationFilter(request.GET, Organisation.objects.all())
    if not chosen.is_valid() or kind not in FORMATS:
        raise Http404
    found = Organisation.objects.filter(pk__in=chosen.qs.order_by().values("pk")).annotate(people=_PEOPLE)
    whole = found.select_related("parent").prefetch_related("sectors", "aliases", "tags")
    rows = whole.order_by("key", "pk").iterator(chunk_size=500)
    table = organisation_table(rows, about=about(request.GET, chosen))
    return as_download(table, FORMATS[kind], user=request.user)


@requires("organisations.view")
@require_safe
def organisation_suggestions(request: StaffRequest) -> HttpResponse:
    """Options while somebody types a name."""
    text = request.GET.get("organisation", "").replace("\x00", "")[:200]
    offers = Organisation.objects.search(text)[:_MOST_OFFERED] if text.strip() else []
    return render(request, "crm/suggestions.html", {"offers": offers})


@requires("organisations.view")
def organisation_detail(request: StaffRequest, pk: int) -> HttpResponse:
    if merged := Merge.objects.of_gone(Organisation, pk).first():
        return redirect(merged.kept)
    organisation = get_object_or_404(_WHOLE, pk=pk)
    people = Affiliation.objects.filter(organisation=organisation).select_related("contact")
    context = {
        "organisation": organisation,
        "doubles": len(open_pairs(organisation)),
        "seats": seats_of_organisation(organisation, timezone.localdate()),
        "people": people.current().order_by("contact__sort_key"),
        "former": people.exclude(ended_on=None).order_by("-ended_on"),
        "timeline": timeline_of(
            organisation,
            reader=request.user,
            group=request.GET.get("group", ""),
            length=request.GET.get("length", ""),
        ),
    }
    return render(request, "crm/organisations/detail.html", context)


@requires("organisations.change")
@once
def organisation_new(request: StaffRequest) -> HttpResponse:
    return _form(request, None)


@requires("organisations.change")
def organisation_edit(request: StaffRequest, pk: int) -> HttpResponse:
    return _form(request, get_object_or_404(Organisation, pk=pk))


@requires("organisations.delete")
@require_http_methods(["GET", "HEAD", "POST"])
def organisation_delete(request: StaffRequest, pk: int) -> HttpResponse:
    """Says where the organisation is still used; only one that is not used can go."""
    organisation = get_object_or_404(Organisation, pk=pk)
    name = str(organisation)
    if request.method == "POST":
        with suppress(StillInUse):
            delete_organisation(organisation=organisation)
            messages.success(request, _("%(name)s is deleted.") % {"name": name})
            return redirect("organisation_list")
    context = {"name": name, "uses": uses_of(organisation)}
    return ask(request, Question("crm/organisations/delete.html", organisation.get_absolute_url(), context))


def _form(request: StaffRequest, organisation: Organisation | None) -> HttpResponse:
    name = str(organisation or "")
    stamp = stamp_of(picture_of(organisation)) if organisation else ""
    form = OrganisationForm(request.POST if request.method == "POST" else None, instance=organisation)
    if request.method == "POST" and form.is_valid():
        typed = {**form.cleaned_data, "stamp": request.POST.get("stamp", "")}
        try:
            saved = save_organisation(organisation=organisation, actor=request.user, **typed)
        except ChangedMeanwhile as changed:
            form.add_error(None, in_words(change_rows(changed.diff)))
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("%(name)s is saved.") % {"name": saved})
            return redirect(saved)
    context = {"organisation": organisation, "name": name, "form": form, "stamp_input": stamp_input(stamp)}
    return render(request, "crm/organisations/form.html", context)
