"""The list of organisations, an organisation's page and its form."""

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from crm.accounts.access import StaffRequest, requires
from crm.contacts.models import Affiliation
from crm.organisations.filters import OrganisationFilter
from crm.organisations.forms import OrganisationForm
from crm.organisations.models import Organisation
from crm.organisations.services import save_organisation
from crm.organisations.shown import sector_switch
from crm.paging import key_set_page
from crm.timeline.shown import timeline_of

_PEOPLE = Count("affiliations__contact", filter=Q(affiliations__ended_on=None), distinct=True)


@requires("organisations.view")
def organisation_list(request: StaffRequest) -> HttpResponse:
    chosen = OrganisationFilter(request.GET, Organisation.objects.all())
    found = Organisation.objects.filter(pk__in=chosen.qs.order_by().values("pk"))
    page = key_set_page(
        found.annotate(people=_PEOPLE).prefetch_related("sectors"),
        order="key",
        after=request.GET.get("after"),
        before=request.GET.get("before"),
        total=found.count(),
    )
    context = {"form": chosen.form, "page": page, "switch": sector_switch(request.GET)}
    return render(
        request, "crm/organisations/list.html", context | {"everything": Organisation.objects.count()}
    )


@requires("organisations.view")
def organisation_detail(request: StaffRequest, pk: int) -> HttpResponse:
    organisation = get_object_or_404(Organisation.objects.prefetch_related("sectors", "aliases"), pk=pk)
    people = Affiliation.objects.filter(organisation=organisation).select_related("contact")
    context = {
        "organisation": organisation,
        "people": people.current().order_by("contact__sort_key"),
        "former": people.exclude(ended_on=None).order_by("-ended_on"),
        "timeline": timeline_of(
            organisation, group=request.GET.get("group", ""), length=request.GET.get("length", "")
        ),
    }
    return render(request, "crm/organisations/detail.html", context)


@requires("organisations.change")
def organisation_new(request: StaffRequest) -> HttpResponse:
    return _form(request, None)


@requires("organisations.change")
def organisation_edit(request: StaffRequest, pk: int) -> HttpResponse:
    return _form(request, get_object_or_404(Organisation, pk=pk))


def _form(request: StaffRequest, organisation: Organisation | None) -> HttpResponse:
    name = str(organisation or "")
    form = OrganisationForm(request.POST if request.method == "POST" else None, instance=organisation)
    if request.method == "POST" and form.is_valid():
        saved = save_organisation(organisation=organisation, actor=request.user, **form.cleaned_data)
        messages.success(request, _("%(name)s is saved.") % {"name": saved})
        return redirect(saved)
    context = {"organisation": organisation, "name": name, "form": form}
    return render(request, "crm/organisations/form.html", context)
