"""What is probably known twice: judge it, merge it, and undo a merge."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.accounts.access import StaffRequest, requires
from crm.base.asking import asks
from crm.base.parts import whole_of
from crm.base.said import told
from crm.contacts.forms import ContactForms
from crm.contacts.models import Contact
from crm.duplicates import proposals, questions, shown
from crm.duplicates.lookalikes import lookalikes_of_typed
from crm.duplicates.merging import CannotMerge, CannotUndo, merge, undo
from crm.duplicates.models import DuplicatePair, Merge, Noun
from crm.organisations.models import Organisation

MOST_FOUND = 12


@requires("duplicates.merge")
@require_safe
def duplicate_list(request: StaffRequest) -> HttpResponse:
    """?noun= and ?state=; the likeliest first."""
    noun = shown.noun_of(request.GET.get("noun", ""))
    wanted = request.GET.get("state", "")
    state = wanted if wanted in DuplicatePair.State.values else DuplicatePair.State.OPEN
    pairs = DuplicatePair.objects.filter(noun=noun, state=state)
    open_ones = DuplicatePair.objects.filter(state=DuplicatePair.State.OPEN)
    context = {
        "noun": noun,
        "nouns": [(value, label, open_ones.filter(noun=value).count()) for value, label in Noun.choices],
        "state": state,
        "total": pairs.count(),
        "certain": open_ones.filter(noun=noun, automatic=True).count(),
        "rows": shown.proposals(pairs[: shown.MOST_SHOWN], noun),
        "most": proposals.MOST_AT_ONCE,
        "looked_at": proposals.looked_at(),
        "merges": _merges_of(noun)[:10],
    }
    return render(request, "crm/duplicates/list.html", context)


def _merges_of(noun: str) -> Any:
    kept = Merge.objects.filter(**{f"{noun}__isnull": False})
    return kept.select_related("contact", "organisation", "merged_by")


@requires("contacts.change")
@require_POST
def contact_known(request: StaffRequest) -> HttpResponse:
    """Who is known already under what is typed, for htmx; a POST, since names do not belong in addresses."""
    known = lookalikes_of_typed(ContactForms(request.POST, None))
    return render(request, "crm/duplicates/known.html", {"known": known})


@requires("duplicates.merge")
@require_POST
def duplicate_look(request: StaffRequest) -> HttpResponse:
    proposals.ask_for_a_look()
    messages.success(request, _("Everything is compared anew in the background; come back in a minute."))
    return redirect("duplicate_list")


@requires("duplicates.merge")
@require_POST
def duplicate_judge(request: StaffRequest, pk: int) -> HttpResponse:
    pair = get_object_or_404(DuplicatePair, pk=pk)
    state = request.POST.get("state", "")
    if state not in DuplicatePair.State.values:
        raise Http404
    proposals.judge(pair=pair, state=state)
    apart = state == DuplicatePair.State.DIFFERENT
    messages.success(request, _("Put aside as not the same.") if apart else _("Proposed again."))
    return _to_list(pair.noun)


@requires("duplicates.merge")
@require_POST
@asks(questions.about_the_certain)
def duplicate_merge_certain(request: StaffRequest) -> HttpResponse:
    noun = shown.noun_of(request.POST.get("noun", ""))
    number = len(proposals.merge_the_certain(noun=noun, by=request.user))
    words = ngettext("%(number)d merge is done.", "%(number)d merges are done.", number)
    messages.success(request, words % {"number": number} + " " + _("Each can be undone."))
    return _to_list(noun)


def _to_list(noun: str) -> HttpResponse:
    response = redirect("duplicate_list")
    response["Location"] += f"?noun={noun}"
    return response


@requires("duplicates.merge")
@require_http_methods(["GET", "HEAD", "POST"])
@asks(questions.about_contacts)
def contact_merge(request: StaffRequest, pk: int, other: int) -> HttpResponse:
    return _merge(request, Noun.CONTACT, pk, other)


@requires("duplicates.merge")
@require_http_methods(["GET", "HEAD", "POST"])
@asks(questions.about_organisations)
def organisation_merge(request: StaffRequest, pk: int, other: int) -> HttpResponse:
    return _merge(request, Noun.ORGANISATION, pk, other)


def _merge(request: StaffRequest, noun: str, pk: int, other: int) -> HttpResponse:
    """Both beside each other, `pk` is the one that is kept; POST names the fields that come from `other`."""
    if pk == other:
        raise Http404
    rows = shown.with_everything(noun)
    kept, gone = get_object_or_404(rows, pk=pk), get_object_or_404(rows, pk=other)
    if request.method == "POST":
        wanted = [name for name in whole_of(type(kept)).fields if request.POST.get(name) == "gone"]
        try:
            merged = merge(kept=kept, gone=gone, from_gone=wanted, by=request.user)
        except CannotMerge as error:
            messages.error(request, str(error))
            return _to_list(noun)
        messages.success(request, _("%(name)s is one now.") % {"name": merged.kept})
        return redirect(merged.kept)
    context = {
        "noun": noun,
        "kept": kept,
        "gone": gone,
        "choices": shown.choices(kept, gone),
        "sides": [(row, shown.facts(row), shown.attached(row)) for row in (kept, gone)],
        "address": f"{noun}_merge",
    }
    return render(request, "crm/duplicates/merge.html", context)


@requires("duplicates.merge")
@require_http_methods(["GET", "HEAD", "POST"])
def contact_merge_with(request: StaffRequest, pk: int) -> HttpResponse:
    return _merge_with(request, get_object_or_404(Contact, pk=pk), Noun.CONTACT)


@requires("duplicates.merge")
@require_http_methods(["GET", "HEAD", "POST"])
def organisation_merge_with(request: StaffRequest, pk: int) -> HttpResponse:
    return _merge_with(request, get_object_or_404(Organisation, pk=pk), Noun.ORGANISATION)


def _merge_with(request: StaffRequest, row: Any, noun: str) -> HttpResponse:
    """Find the other one by name; what is proposed already stands ready."""
    text = request.POST.get("find", "")[:100]
    rows = shown.with_everything(noun)
    if text.strip():
        others = list(rows.search(text).exclude(pk=row.pk)[:MOST_FOUND])
    else:
        keys = {key for pair in proposals.open_pairs(row) for key in (pair.a, pair.b)} - {row.pk}
        others = list(rows.filter(pk__in=keys)[:MOST_FOUND])
    context = {"noun": noun, "row": row, "find": text, "others": others, "address": f"{noun}_merge"}
    return render(request, "crm/duplicates/merge_with.html", context)


@requires("duplicates.merge")
@require_safe
def merge_detail(request: StaffRequest, pk: int) -> HttpResponse:
    merged = get_object_or_404(Merge.objects.select_related("contact", "organisation"), pk=pk)
    return render(
        request,
        "crm/duplicates/merged.html",
        {"merged": merged, "left": [told([said]) for said in merged.left]},
    )


@requires("duplicates.merge")
@require_POST
def merge_undo(request: StaffRequest, pk: int) -> HttpResponse:
    merged = get_object_or_404(Merge, pk=pk)
    try:
        merged = undo(merged=merged, by=request.user)
    except CannotUndo as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The merge is undone: both are there again."))
    return redirect(merged)
