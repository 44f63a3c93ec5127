"""Pages on which the team says what became of statements."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from crm.accounts.access import StaffRequest, requires
from crm.base.asking import Question, asks
from crm.base.fields import numbers_in
from engagement.evidence import services
from engagement.evidence.forms import EvidenceForm, LinkForm
from engagement.evidence.linking import Desk
from engagement.evidence.models import Evidence
from engagement.evidence.services import Linked
from engagement.statements.attribution import released
from engagement.statements.models import Statement

# What somebody linked last stands here until the page was shown that offers to take it back.
_LAST = "linked_last"
# Of pairs that somebody else linked first.
_NAMED = 5


@requires("evidence.change")
@require_http_methods(["GET", "HEAD", "POST"])
def evidence_link(request: StaffRequest) -> HttpResponse:
    """POST with "link" links what is chosen; any other button shows the page anew with all that was typed.

    ?statement= and ?item= choose some to begin with; the filter of statements stands in the address too.
    """
    desk = Desk(request.POST or request.GET)
    initial = {"outcome": Evidence.Outcome.OPEN, "item": desk.item, **LinkForm.typed(desk.data)}
    form = LinkForm(initial=initial)
    if "link" in request.POST:
        form = LinkForm(request.POST)
        if not desk.chosen:
            form.add_error(None, _("Choose at least one statement that is not linked there yet."))
        if form.is_valid() and (linked := _link(desk, form, request)):
            request.session[_LAST] = [one.pk for one in linked.new]
            return redirect(desk.address(form.cleaned_data["item"]))
    context = {
        "desk": desk,
        "form": form,
        "unused": Statement.objects.releasable().filter(evidence=None).count(),
        "undoable": request.session.pop(_LAST, []) if request.method == "GET" else [],
    }
    return render(request, "engagement/evidence/link.html", context)


def _link(desk: Desk, form: LinkForm, request: StaffRequest) -> Linked | None:
    """None when somebody else linked all of it meanwhile; what is said of that is in the messages."""
    said = form.cleaned_data
    try:
        linked = services.link(statements=desk.chosen, **said, by=request.user)
    except ValidationError as problem:
        form.add_error(None, problem.messages)
        return None
    for one in linked.there[:_NAMED]:
        messages.warning(request, _was_there(one))
    if not linked.new:
        form.add_error(None, _("Nothing new was linked. What you typed is still here."))
        return None
    words = ngettext(
        "%(count)d statement belongs to %(item)s now.",
        "%(count)d statements belong to %(item)s now.",
        len(linked.new),
    )
    messages.success(request, words % {"count": len(linked.new), "item": said["item"].code})
    return linked


def _was_there(evidence: Evidence) -> str:
    return format_html(
        _("{who} linked “{statement}” there before you: {outcome}. That stays. {change}"),
        who=evidence.linked_by,
        statement=evidence.statement,
        outcome=evidence.get_outcome_display(),
        change=format_html('<a href="{}">{}</a>', evidence.get_absolute_url(), _("Change it")),
    )


@requires("evidence.change")
@require_POST
def evidence_undo(request: StaffRequest) -> HttpResponse:
    """POST evidence=<key> for each link that the user made a moment ago, and item=<key> to go back to."""
    desk = Desk(request.POST)
    keys = numbers_in(request.POST.getlist("evidence"))
    gone, kept = services.undo(keys=keys, by=request.user)
    words = ngettext("%(count)d link is undone.", "%(count)d links are undone.", gone)
    messages.success(request, words % {"count": gone})
    if kept:
        words = ngettext(
            "%(count)d stays, since it was changed meanwhile.",
            "%(count)d stay, since they were changed meanwhile.",
            kept,
        )
        messages.warning(request, words % {"count": kept})
    return redirect(desk.address(desk.item)) if desk.item else redirect("evidence_link")


def _evidence(pk: int) -> Evidence:
    rows = Evidence.objects.select_related(
        "item", "linked_by", "statement__latest_response", "statement__writeup", "statement__speaker__contact"
    )
    return get_object_or_404(rows.select_related("statement__speaker__organisation"), pk=pk)


@requires("evidence.change")
@require_http_methods(["GET", "HEAD", "POST"])
def evidence_edit(request: StaffRequest, pk: int) -> HttpResponse:
    """Another outcome or other reasons, with what stood there before."""
    evidence = _evidence(pk)
    form = EvidenceForm(request.POST if request.method == "POST" else None, instance=evidence)
    if request.method == "POST" and form.is_valid():
        try:
            services.change(evidence=form.instance)
            messages.success(request, _("What became of it is saved."))
            return redirect(evidence.statement)
        except ValidationError as problem:
            form.add_error(None, problem.messages)
    context: dict[str, Any] = {
        "evidence": evidence,
        "form": form,
        "by": released(evidence.statement),
        "history": evidence.history.select_related("history_user").order_by("-history_date", "-history_id"),
    }
    return render(request, "engagement/evidence/form.html", context)


def _unlinking(_request: StaffRequest, pk: int) -> Question:
    evidence = _evidence(pk)
    template = "engagement/evidence/ask_unlink.html"
    return Question(template, evidence.get_absolute_url(), {"evidence": evidence})


@requires("evidence.change")
@require_POST
@asks(_unlinking)
def evidence_unlink(request: StaffRequest, pk: int) -> HttpResponse:
    evidence = _evidence(pk)
    services.unlink(evidence=evidence)
    words = _("The statement does not belong to %(item)s any more.")
    messages.success(request, words % {"item": evidence.item.code})
    return redirect(evidence.statement)
