"""Pages of a second coder, and of whoever compares."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.accounts.access import StaffRequest, requires
from crm.base.once import once
from engagement.codes.models import Code
from engagement.intercoder import services
from engagement.intercoder.agreement import agreements, codings_of, used
from engagement.intercoder.forms import BlindForm, RoundForm
from engagement.intercoder.models import BlindCoding, CodingRound


@requires("intercoder.change")
@require_safe
def round_list(request: StaffRequest) -> HttpResponse:
    rounds = CodingRound.objects.select_related("coder").annotate(
        statements=Count("codings"), done=Count("codings__coded_at")
    )
    return render(request, "engagement/intercoder/list.html", {"rounds": rounds})


@requires("intercoder.change")
@require_http_methods(["GET", "HEAD", "POST"])
@once
def round_new(request: StaffRequest) -> HttpResponse:
    form = RoundForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.start_round(
                coder=form.cleaned_data["coder"], statements=form.drawn(), by=request.user
            )
            return redirect(made)
        except ValidationError as problem:
            form.add_error("coder", problem)
    return render(request, "engagement/intercoder/new.html", {"form": form})


@requires("intercoder.change")
@require_safe
def round_detail(request: StaffRequest, pk: int) -> HttpResponse:
    return _progress(request, get_object_or_404(CodingRound.objects.select_related("coder"), pk=pk))


def _progress(request: StaffRequest, coding_round: CodingRound) -> HttpResponse:
    """How far it is; when it is finished, where the two differ and how far they agree."""
    context = {
        "round": coding_round,
        "is_coder": request.user.pk == coding_round.coder_id,
        "statements": coding_round.codings.count(),
        "done": coding_round.codings.done().count(),
        "next": coding_round.codings.filter(coded_at=None).first(),
    }
    if coding_round.finished_at:
        sides = [(one, used(one.first.all()), used(one.second.all())) for one in codings_of(coding_round)]
        context |= {
            "agreements": agreements(coding_round),
            "differences": [_side_by_side(*row) for row in sides if row[1] != row[2]],
            "choices": BlindCoding.Choice.choices,
        }
    return render(request, "engagement/intercoder/detail.html", context)


def _side_by_side(coding: BlindCoding, first: set[Code], second: set[Code]) -> dict[str, object]:
    """`common` codes, and those that only one of the two gave, as words in the order of the alphabet."""
    parts = {"common": first & second, "first": first - second, "second": second - first}
    return {"coding": coding, **{name: sorted(map(str, codes)) for name, codes in parts.items()}}


@requires("intercoder.change")
@require_http_methods(["GET", "HEAD", "POST"])
def round_code(request: StaffRequest, pk: int, position: int) -> HttpResponse:
    """One statement for the second coder: its words and nothing of how it was coded or who said it."""
    coding = get_object_or_404(
        BlindCoding.objects.select_related("round__coder", "statement"), round=pk, position=position
    )
    if coding.round.finished_at or not _is_coder(request, coding.round):
        return redirect(coding.round) if request.method == "POST" else _progress(request, coding.round)
    form = BlindForm(request.POST if request.method == "POST" else None)
    if coding.coded_at and not form.is_bound:
        form.initial["codes"] = [code.pk for code in coding.second.all()]
    if request.method == "POST" and form.is_valid():
        services.code_blind(coding=coding, codes=form.cleaned_data["codes"])
        return _go_on(coding)
    others = coding.round.codings
    context = {
        "coding": coding,
        "form": form,
        "statements": others.count(),
        "done": others.done().count(),
        "before": others.filter(position__lt=position).last(),
    }
    return render(request, "engagement/intercoder/code.html", context)


def _go_on(coding: BlindCoding) -> HttpResponse:
    """To the next statement without codes, first behind this one; to the round when there is none."""
    waiting = coding.round.codings.filter(coded_at=None)
    following = waiting.filter(position__gt=coding.position).first() or waiting.first()
    if following is None:
        return redirect(coding.round)
    return redirect("code_round_code", coding.round_id, following.position)


@requires("intercoder.change")
@require_POST
def round_finish(request: StaffRequest, pk: int) -> HttpResponse:
    coding_round = get_object_or_404(CodingRound.objects.select_related("coder"), pk=pk)
    try:
        if _is_coder(request, coding_round):
            services.finish_round(coding_round=coding_round)
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
    return redirect(coding_round)


def _is_coder(request: StaffRequest, coding_round: CodingRound) -> bool:
    """Whether they code in this round themselves; others are told who does."""
    if coding_round.coder_id == request.user.pk:
        return True
    messages.error(request, _("Only %(who)s codes in this round.") % {"who": coding_round.coder})
    return False


@requires("intercoder.change")
@require_POST
def round_choose(request: StaffRequest, pk: int, position: int) -> HttpResponse:
    coding = get_object_or_404(
        BlindCoding.objects.select_related("round", "statement"), round=pk, position=position
    )
    choice = request.POST.get("choice", "")
    if coding.round.finished_at is None or choice not in BlindCoding.Choice.values:
        messages.error(request, _("Choose one of the two, when the round is finished."))
    else:
        services.choose(coding=coding, choice=choice, by=request.user)
        messages.success(request, _("The statement has these codes now."))
    return redirect(coding.round)
