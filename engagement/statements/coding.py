"""The tree of codes: making, changing, merging and deleting them, and how many statements have each."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.accounts.access import StaffRequest, requires
from crm.base.once import once
from engagement.codes.forms import CodeForm
from engagement.codes.models import Code, CodeMerge
from engagement.codes.tree import in_order
from engagement.statements import recoding
from engagement.statements.models import StatementCode

MOST_MERGES = 10


@requires("statements.view")
@require_safe
def code_list(request: StaffRequest) -> HttpResponse:
    counts = StatementCode.objects.order_by().values_list("code").annotate(Count("pk"))
    numbers = dict(counts)
    rows = [(branch, numbers.get(branch.code.pk, 0)) for branch in in_order()]
    merges = CodeMerge.objects.filter(undone_at=None).select_related("gone", "kept", "merged_by")
    context = {"rows": rows, "merges": merges[:MOST_MERGES]}
    return render(request, "engagement/codes/list.html", context)


@requires("statements.change")
@require_http_methods(["GET", "HEAD", "POST"])
@once
def code_new(request: StaffRequest) -> HttpResponse:
    return _edit(request, Code())


@requires("statements.change")
@require_http_methods(["GET", "HEAD", "POST"])
def code_edit(request: StaffRequest, pk: int) -> HttpResponse:
    return _edit(request, get_object_or_404(Code.objects.in_use(), pk=pk))


def _edit(request: StaffRequest, code: Code) -> HttpResponse:
    form = CodeForm(request.POST if request.method == "POST" else None, instance=code)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("The code is saved."))
        return redirect("code_list")
    merging = MergeForm(code=code) if code.pk else None
    context = {"form": form, "code": code, "merging": merging}
    return render(request, "engagement/codes/form.html", context)


class MergeForm(forms.Form):
    into = forms.ModelChoiceField(
        label=gettext_lazy("Merge into"),
        help_text=gettext_lazy("All statements with this code get that one. It can be undone."),
        queryset=Code.objects.none(),
    )

    def __init__(self, data: object = None, *, code: Code) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        self.fields["into"].queryset = Code.objects.in_use().exclude(pk=code.pk)  # type: ignore[attr-defined]


@requires("statements.change")
@require_POST
def code_merge(request: StaffRequest, pk: int) -> HttpResponse:
    code = get_object_or_404(Code.objects.in_use(), pk=pk)
    form = MergeForm(request.POST, code=code)
    try:
        if form.is_valid():
            kept = form.cleaned_data["into"]
            recoding.merge_codes(gone=code, kept=kept, by=request.user)
            words = _("“%(gone)s” is part of “%(kept)s” now.")
            messages.success(request, words % {"gone": code, "kept": kept})
            return redirect("code_list")
        messages.error(request, _("Choose a code to merge it into."))
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
    return redirect("code_edit", pk)


@requires("statements.change")
@require_POST
def code_unmerge(request: StaffRequest, pk: int) -> HttpResponse:
    merge = get_object_or_404(CodeMerge, pk=pk)
    try:
        recoding.undo_merge(merge=merge)
        messages.success(request, _("“%(code)s” is back.") % {"code": merge.gone})
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
    return redirect("code_list")


@requires("statements.change")
@require_POST
def code_delete(request: StaffRequest, pk: int) -> HttpResponse:
    """Only one that nothing hangs on, so it can be made anew and does not ask first."""
    code = get_object_or_404(Code.objects.in_use(), pk=pk)
    try:
        recoding.delete_code(code=code)
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
        return redirect("code_edit", pk)
    messages.success(request, _("The code is deleted."))
    return redirect("code_list")
