"""The selections of contacts: keep one, rename, remove. A shared one is everybody's to change."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.accounts.access import StaffRequest, requires
from crm.base.asking import Question, asks
from crm.base.once import once
from crm.contacts.models import Contact
from crm.directory.contacts.chips import chips
from crm.directory.contacts.filters import ContactFilter
from crm.directory.segments.forms import SegmentForm
from crm.directory.segments.models import Segment
from crm.directory.segments.services import as_stored, delete_segment, save_segment


@requires("contacts.view")
@require_safe
def segment_list(request: StaffRequest) -> HttpResponse:
    segments = Segment.objects.visible_to(request.user).select_related("owner")
    return render(request, "crm/segments/list.html", {"segments": segments})


@requires("contacts.view")
@require_safe
def segment_menu(request: StaffRequest) -> HttpResponse:
    """The links to all selections, for the menu above the list when somebody opens it."""
    context = {
        "segments": Segment.objects.visible_to(request.user),
        "segment": Segment.objects.chosen_by(request.user, request.GET),
    }
    return render(request, "crm/segments/menu.html", context)


@requires("contacts.change")
@require_http_methods(["GET", "HEAD", "POST"])
@once
def segment_new(request: StaffRequest) -> HttpResponse:
    """The filter stands in the address, as on the list."""
    return _form(request, Segment(owner=request.user, filter=as_stored(request.GET)))


@requires("contacts.change")
@require_http_methods(["GET", "HEAD", "POST"])
def segment_edit(request: StaffRequest, pk: int) -> HttpResponse:
    return _form(request, get_object_or_404(Segment.objects.visible_to(request.user), pk=pk))


def _about_deleting(request: StaffRequest, pk: int) -> Question:
    segment = get_object_or_404(Segment.objects.visible_to(request.user), pk=pk)
    return Question("crm/segments/ask_delete.html", reverse("segment_edit", args=[pk]), {"segment": segment})


@requires("contacts.change")
@require_POST
@asks(_about_deleting)
def segment_delete(request: StaffRequest, pk: int) -> HttpResponse:
    segment = get_object_or_404(Segment.objects.visible_to(request.user), pk=pk)
    delete_segment(segment=segment)
    messages.success(
        request, _("The selection “%(name)s” is gone; the people in it are not.") % {"name": segment}
    )
    return redirect("segment_list")


def _form(request: StaffRequest, segment: Segment) -> HttpResponse:
    form = SegmentForm(request.POST if request.method == "POST" else None, instance=segment)
    if request.method == "POST" and form.is_valid():
        saved = save_segment(
            segment=segment, name=form.cleaned_data["name"], shared=form.cleaned_data["shared"]
        )
        messages.success(request, _("The selection “%(name)s” is kept.") % {"name": saved})
        return redirect(saved)
    chosen = ContactFilter(segment.query(), Contact.objects.all())
    said = chips(segment.query(), chosen.form.cleaned_data) if chosen.is_valid() else []
    words = {"q": " ".join(segment.filter.get("q", [])), "chips": said}
    return render(request, "crm/segments/form.html", {"form": form, "segment": segment, **words})
