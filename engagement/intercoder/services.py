"""Coding statements a second time, blind, and choosing where the two ways differ."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.accounts.models import User
from engagement.codes.models import Code
from engagement.intercoder.agreement import used
from engagement.intercoder.models import BlindCoding, CodingRound
from engagement.statements.models import Statement, StatementQuerySet
from engagement.statements.services import Draft, change_statement


def to_be_coded(coder: User) -> StatementQuerySet:
    """Statements that have a code of somebody else and none of theirs: those they can code blind."""
    theirs = Statement.objects.filter(coded__coder=coder).order_by().values("pk")
    return Statement.objects.filter(coded__isnull=False).exclude(pk__in=theirs).distinct()


@transaction.atomic
def start_round(*, coder: User, statements: Iterable[Statement], by: User) -> CodingRound:
    """Lay these statements before `coder`, in this order; ValidationError when there are none."""
    chosen = list(statements)
    if not chosen:
        raise ValidationError(_("There is no statement here that this person can code blind."))
    coding_round = CodingRound.objects.create(coder=coder, created_by=by)
    BlindCoding.objects.bulk_create(
        BlindCoding(round=coding_round, statement=statement, position=position)
        for position, statement in enumerate(chosen, start=1)
    )
    return coding_round


@transaction.atomic
def code_blind(*, coding: BlindCoding, codes: Iterable[Code]) -> None:
    """Keep what the second coder says, beside how the statement is coded at this moment.

    ValidationError when the round is finished: after that the other way was seen.
    """
    coding_round = CodingRound.objects.select_for_update(of=("self",)).get(pk=coding.round_id)
    if coding_round.finished_at:
        raise ValidationError(_("This round is finished; its codes stand."))
    coding.first.set(coding.statement.codes.all())
    coding.second.set(codes)
    coding.coded_at = timezone.now()
    coding.save(update_fields=["coded_at"])


@transaction.atomic
def finish_round(*, coding_round: CodingRound) -> None:
    """End it, also before all statements were coded; those that were not do not count."""
    locked = CodingRound.objects.select_for_update(of=("self",)).get(pk=coding_round.pk)
    if not locked.codings.done().exists():
        raise ValidationError(_("Code one statement at least."))
    if locked.finished_at is None:
        locked.finished_at = timezone.now()
        locked.save(update_fields=["finished_at"])


@transaction.atomic
def choose(*, coding: BlindCoding, choice: str, by: User) -> None:
    """Give the statement the codes of one of the two, or of both."""
    first, second = used(coding.first.all()), used(coding.second.all())
    sides = {
        BlindCoding.Choice.FIRST: first,
        BlindCoding.Choice.SECOND: second,
        BlindCoding.Choice.BOTH: first | second,
    }
    statement = Statement.objects.select_for_update(of=("self",)).get(pk=coding.statement_id)
    codes = _ordered(statement, sides[BlindCoding.Choice(choice)])
    change_statement(statement=statement, draft=Draft.of(statement, codes=codes), by=by)
    coding.choice, coding.chosen_by = choice, by
    coding.save(update_fields=["choice", "chosen_by"])


def _ordered(statement: Statement, codes: set[Code]) -> list[Code]:
    """These codes; those that the statement has already keep their order."""
    there = [one.code for one in statement.coded.select_related("code") if one.code in codes]
    return [*there, *sorted(codes.difference(there), key=lambda code: code.key)]
