"""Pages of what was agreed: the list, one of them, and that it is done."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.accounts.access import StaffRequest, requires
from crm.base.asking import Question, asks
from crm.base.fields import numbers_in
from crm.base.once import once
from engagement.followups import services
from engagement.followups.forms import DigestForm, DoneForm, FollowUpForm
from engagement.followups.models import Digest, FollowUp
from engagement.statements.models import Writeup

PER_PAGE = 50
TYPED = ("what", "theirs", "owner", "due_on", "organisation", "find")
SHOWN = {"": gettext_lazy("Mine"), "all": gettext_lazy("Everybody’s"), "done": gettext_lazy("Done")}


@requires("followups.view")
@require_safe
def followup_list(request: StaffRequest) -> HttpResponse:
    which = request.GET.get("which", "")
    found = FollowUp.objects.shown()
    found = found.done() if which == "done" else found.open()
    if which not in SHOWN or not which:
        which, found = "", found.filter(owner=request.user)
    digest = Digest.objects.filter(user=request.user).first() or Digest(user=request.user)
    context = {
        "page": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "which": which,
        "shown": SHOWN.items(),
        "digest": DigestForm(instance=digest),
    }
    return render(request, "engagement/followups/list.html", context)


@requires("followups.change")
@require_http_methods(["GET", "HEAD", "POST"])
@once
def followup_new(request: StaffRequest) -> HttpResponse:
    """?contact= and ?writeup= say with whom, and in which notes, it arose."""
    writeup = Writeup.objects.readable_by(request.user).filter(pk__in=_numbers(request, "writeup")).first()
    follow_up = FollowUp(owner=request.user, created_by=request.user, writeup=writeup)
    return _edit(request, follow_up, next(iter(_numbers(request, "contact")), None))


def _numbers(request: StaffRequest, name: str) -> list[int]:
    return numbers_in(request.GET.getlist(name))


@requires("followups.change")
@require_http_methods(["GET", "HEAD", "POST"])
def followup_edit(request: StaffRequest, pk: int) -> HttpResponse:
    follow_up = get_object_or_404(FollowUp.objects.shown(), pk=pk)
    return _edit(request, follow_up, follow_up.contact_id)


def _edit(request: StaffRequest, follow_up: FollowUp, chosen: int | None) -> HttpResponse:
    """Save, or with the button "search" show the people found and keep everything that was typed."""
    if request.method != "POST":
        form = FollowUpForm(instance=follow_up, chosen=chosen, initial={"contact": chosen})
    else:
        ticked = next(iter(numbers_in(request.POST.getlist("contact"))), None)
        if "search" in request.POST:
            typed = {name: request.POST.get(name, "") for name in TYPED} | {"contact": ticked}
            form = FollowUpForm(
                instance=follow_up,
                chosen=ticked or chosen,
                find=request.POST.get("find", ""),
                stamp=request.POST.get("stamp", ""),
                initial=typed,
            )
        else:
            form = FollowUpForm(request.POST, instance=follow_up, chosen=ticked)
            if form.is_valid():
                form.instance.organisation = form.cleaned_data["organisation"]
                services.save_follow_up(follow_up=form.instance)
                messages.success(request, _("The follow-up is saved."))
                return redirect(_back(follow_up))
    context = {"form": form, "follow_up": follow_up, "back": _back(follow_up), "done": DoneForm()}
    if follow_up.statement and follow_up.statement.writeup in Writeup.objects.readable_by(request.user):
        context["statement"] = follow_up.statement
    return render(request, "engagement/followups/form.html", context)


def _back(follow_up: FollowUp) -> str:
    """To the conversation where it arose, else to the list."""
    if follow_up.writeup and follow_up.writeup.source:
        return str(follow_up.writeup.get_absolute_url())
    return reverse("followup_list")


@requires("followups.change")
@require_POST
def followup_done(request: StaffRequest, pk: int) -> HttpResponse:
    """POST note; one click is enough."""
    follow_up = get_object_or_404(FollowUp, pk=pk)
    form = DoneForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(map(str, form.errors["note"])))
        return redirect(follow_up)
    services.finish(follow_up=follow_up, note=form.cleaned_data["note"].strip(), by=request.user)
    messages.success(request, _("Done: %(what)s") % {"what": follow_up})
    return redirect(_asked_from(request))


def _asked_from(request: StaffRequest) -> str:
    there = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(there, allowed_hosts=None) and there.startswith("/")
    return there if safe else reverse("followup_list")


@requires("followups.change")
@require_POST
def followup_reopen(request: StaffRequest, pk: int) -> HttpResponse:
    follow_up = get_object_or_404(FollowUp, pk=pk)
    services.reopen(follow_up=follow_up)
    return redirect(follow_up)


def _deleting(request: StaffRequest, pk: int) -> Question:
    follow_up = get_object_or_404(FollowUp, pk=pk)
    template = "engagement/followups/ask_delete.html"
    return Question(template, follow_up.get_absolute_url(), {"follow_up": follow_up})


@requires("followups.change")
@require_POST
@asks(_deleting)
def followup_delete(request: StaffRequest, pk: int) -> HttpResponse:
    services.delete_follow_up(follow_up=get_object_or_404(FollowUp, pk=pk))
    messages.success(request, _("The follow-up is deleted."))
    return redirect("followup_list")


@requires("followups.view")
@require_POST
def followup_rhythm(request: StaffRequest) -> HttpResponse:
    """In which rhythm the user gets theirs by mail."""
    digest = Digest.objects.get_or_create(user=request.user)[0]
    form = DigestForm(request.POST, instance=digest)
    if form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
    return redirect("followup_list")
