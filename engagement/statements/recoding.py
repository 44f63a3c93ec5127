"""Merging codes, and undoing that."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.accounts.models import User
from engagement.codes.models import Code, CodeMerge
from engagement.codes.tree import with_parts
from engagement.statements.models import StatementCode


@transaction.atomic
def merge_codes(*, gone: Code, kept: Code, by: User) -> CodeMerge:
    """Let all that has the code `gone` have `kept`, with the codes that are part of it; it can be undone.

    ValidationError when `kept` is part of `gone`, or one of them was merged already.
    """
    both = Code.objects.select_for_update(of=("self",)).filter(pk__in=[gone.pk, kept.pk], merged_into=None)
    if len(both) != 2:
        raise ValidationError(_("One of these codes was merged already."))
    if kept.pk in with_parts([gone.pk]):
        words = _("“%(kept)s” is part of “%(gone)s”: merge the other way round.")
        raise ValidationError(words % {"kept": kept, "gone": gone})
    links = StatementCode.objects.filter(code=gone)
    have_both = links.filter(statement__coded__code=kept)
    merge = CodeMerge(gone=gone, kept=kept, merged_by=by)
    merge.dropped = [list(row) for row in have_both.values_list("statement", "coder", "position")]
    StatementCode.objects.filter(pk__in=[*have_both.values_list("pk", flat=True)]).delete()
    merge.moved = list(links.values_list("pk", flat=True))
    links.update(code=kept)
    merge.children = list(gone.children.values_list("pk", flat=True))
    gone.children.update(parent=kept)
    Code.objects.filter(pk=gone.pk).update(merged_into=kept)
    merge.save()
    return merge


@transaction.atomic
def undo_merge(*, merge: CodeMerge) -> None:
    """Put back what it moved, but for what somebody changed since; ValidationError where that fails."""
    merge = CodeMerge.objects.select_for_update(of=("self",)).select_related("gone", "kept").get(pk=merge.pk)
    if merge.undone_at:
        return
    if merge.kept.merged_into_id:
        raise ValidationError(_("“%(code)s” was merged since: undo that first.") % {"code": merge.kept})
    if Code.objects.in_use().filter(key=merge.gone.key).exists():
        raise ValidationError(_("There is another code “%(code)s” by now.") % {"code": merge.gone})
    Code.objects.filter(pk=merge.gone.pk).update(merged_into=None)
    still = StatementCode.objects.filter(pk__in=merge.moved, code=merge.kept)
    still.exclude(statement__coded__code=merge.gone).update(code=merge.gone)
    there = StatementCode.objects.filter(code=merge.kept, statement__in=[row[0] for row in merge.dropped])
    stayed = set(there.values_list("statement", flat=True))
    StatementCode.objects.bulk_create(
        StatementCode(statement_id=statement, code=merge.gone, coder_id=coder, position=position)
        for statement, coder, position in merge.dropped
        if statement in stayed
    )
    Code.objects.filter(pk__in=merge.children, parent=merge.kept).update(parent=merge.gone)
    merge.undone_at = timezone.now()
    merge.save(update_fields=["undone_at"])


def delete_code(*, code: Code) -> None:
    """ValidationError when statements have it, or other codes are part of it."""
    if count := code.coded.count():
        words = _("Statements with this code: %(count)s. Merge it into another one instead.")
        raise ValidationError(words % {"count": count})
    if code.children.exists() or CodeMerge.objects.filter(kept=code).exists():
        raise ValidationError(_("Other codes are part of this one, or were merged into it."))
    CodeMerge.objects.filter(gone=code).delete()
    code.delete()
