"""Statements by themselves: all of them, one, and what can be done with one."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.accounts.access import StaffRequest, requires
from crm.accounts.roles import may
from crm.base.asking import Question, asks
from crm.base.fields import numbers_in
from engagement.statements import services
from engagement.statements.attribution import Attribution, attribution, shown_to, trusted_with, who_sees
from engagement.statements.filters import StatementFilter
from engagement.statements.forms import StatementForm, initial_of
from engagement.statements.life import acts_for, beside, life_of
from engagement.statements.listing import Remark, list_acts, remarks_on
from engagement.statements.models import Statement, StatementQuerySet
from engagement.statements.services import Draft, StatementChanged
from engagement.statements.showing import said
from engagement.statements.sources import SOURCES, day_of, title_of

PER_PAGE = 50
MOST_FOUND = 12


def _statements(request: StaffRequest) -> StatementQuerySet:
    """Those that may be seen, with what it takes to say who said them."""
    rows = shown_to(Statement.objects.all(), request.user)
    whence = [f"writeup__{source.name}" for source in SOURCES]
    rows = rows.select_related("speaker__contact", "speaker__organisation", "latest_response", *whence)
    return rows.prefetch_related("coded__code")


@requires("statements.view")
@require_safe
def statement_list(request: StaffRequest) -> HttpResponse:
    found = StatementFilter(request.GET, queryset=_statements(request).order_by("-created_at", "-pk"))
    page = Paginator(found.qs, PER_PAGE).get_page(request.GET.get("page"))
    trusted = trusted_with(request.user)
    remarks = remarks_on(list(page), request.user)
    rows = [(one, attribution(one, request.user, trusted=trusted), remarks[one.pk]) for one in page]
    asked = any(request.GET.get(name) for name in found.filters)
    acts = list_acts(request.user)
    context = {"page": page, "rows": rows, "form": found.form, "asked": asked, "acts": acts}
    return render(request, "engagement/statements/list.html", context)


@requires("statements.view")
@require_safe
def statement_detail(request: StaffRequest, pk: int) -> HttpResponse:
    statement = get_object_or_404(_statements(request), pk=pk)
    trusted = trusted_with(request.user)
    may_read = _may_read(request, statement)
    source = statement.writeup if may_read else None
    words = request.GET.get("alike", "").strip()
    context = {
        "may_change": may_read,
        "found": _like(request, statement, words) if words and may_read else [],
        "statement": statement,
        "by": attribution(statement, request.user, trusted=trusted),
        "readers": who_sees(statement, request.user) if may_read else [],
        "said": said(statement) if may_read else None,
        "life": life_of(statement, request.user),
        "beside": beside(statement, request.user),
        "acts": acts_for(request.user) if may_read else [],
        "alike": _alike(request, statement),
        "source": source,
        "source_title": title_of(source) if source else "",
        # The day of a conversation may say with whom it was.
        "said_on": day_of(source) if source else None,
    }
    return render(request, "engagement/statements/detail.html", context)


def _alike(request: StaffRequest, statement: Statement) -> list[tuple[Statement, Attribution, list[Remark]]]:
    """Those that say the same, with who said it and what became of it."""
    rows = list(_statements(request).filter(pk__in=statement.alike.values("pk")))
    trusted, remarks = trusted_with(request.user), remarks_on(rows, request.user)
    return [(one, attribution(one, request.user, trusted=trusted), remarks[one.pk]) for one in rows]


def _like(request: StaffRequest, statement: Statement, words: str) -> list[tuple[Statement, Attribution]]:
    """Others in which these words stand, and which are not linked yet."""
    others = _statements(request).exclude(pk=statement.pk).exclude(pk__in=statement.alike.values("pk"))
    trusted = trusted_with(request.user)
    found = StatementFilter({"q": words}, queryset=others).qs[:MOST_FOUND]
    return [(one, attribution(one, request.user, trusted=trusted)) for one in found]


def _may_read(request: StaffRequest, statement: Statement) -> bool:
    """Whether they may open the notes that it was taken from."""
    writeup = statement.writeup
    return may(request.user, "statements.names") and (writeup is None or writeup.is_readable_by(request.user))


def _open_statement(request: StaffRequest, pk: int) -> Statement:
    """One that may be changed; what was confided to others is theirs."""
    statement = get_object_or_404(_statements(request), pk=pk)
    if not _may_read(request, statement):
        raise PermissionDenied
    return statement


@requires("statements.change")
@require_http_methods(["GET", "HEAD", "POST"])
def statement_edit(request: StaffRequest, pk: int) -> HttpResponse:
    statement = _open_statement(request, pk)
    data = request.POST if request.method == "POST" else None
    form = StatementForm(data, writeup=statement.writeup, initial=initial_of(statement))
    version = statement.version
    if data is not None and form.is_valid():
        try:
            typed = numbers_in([data.get("version", "")])
            draft = Draft(statement.uuid, typed[0] if typed else version, **form.said())
            saved = services.change_statement(statement=statement, draft=draft, by=request.user)
            return redirect(saved)
        except StatementChanged:
            form.add_error(
                None, _("Somebody else changed this statement. Save once more to put yours there.")
            )
        except ValidationError as problem:
            form.add_error(None, problem.messages)
    context = {"statement": statement, "form": form, "version": version}
    return render(request, "engagement/statements/form.html", context)


def _removing(request: StaffRequest, pk: int) -> Question:
    statement = _open_statement(request, pk)
    template = "engagement/statements/ask_remove.html"
    return Question(template, statement.get_absolute_url(), {"statement": statement})


@requires("statements.change")
@require_POST
@asks(_removing)
def statement_remove(request: StaffRequest, pk: int) -> HttpResponse:
    statement = _open_statement(request, pk)
    writeup = statement.writeup
    try:
        services.remove_statement(statement=statement, version=statement.version)
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
        return redirect(statement)
    except StatementChanged as changed:
        return _changed(request, changed)
    messages.success(request, _("The statement is removed."))
    return redirect("capture", writeup.pk) if writeup else redirect("statement_list")


@requires("statements.change")
@require_POST
def statement_split(request: StaffRequest, pk: int) -> HttpResponse:
    """POST at: the words that the second one begins with."""
    statement = _open_statement(request, pk)
    words = request.POST.get("at", "").strip()
    at = statement.passage.find(words) if words else -1
    try:
        services.split_statement(statement=statement, at=max(at, 0), by=request.user)
        messages.success(request, _("There are two of it now. Both keep the speaker and the codes."))
    except ValidationError:
        messages.error(request, _("Copy the words with which the second one begins from the passage."))
    except StatementChanged as changed:
        return _changed(request, changed)
    return redirect(statement)


def _changed(request: StaffRequest, changed: StatementChanged) -> HttpResponse:
    """What there is now, with a word that somebody was quicker."""
    messages.error(request, _("Somebody else changed this statement meanwhile."))
    return redirect(changed.statement or "statement_list")


@requires("statements.change")
@require_POST
def statement_doubt(request: StaffRequest, pk: int) -> HttpResponse:
    """POST words=new takes what stands in the notes now, anything else keeps what was said."""
    statement = _open_statement(request, pk)
    services.answer_doubt(statement=statement, take_new=request.POST.get("words") == "new")
    if statement.writeup_id and statement.writeup and statement.writeup.statements.in_doubt().exists():
        return redirect("capture", statement.writeup_id)
    return redirect(statement)


@requires("statements.change")
@require_POST
def statement_alike(request: StaffRequest, pk: int) -> HttpResponse:
    """POST with=<key> links another one that says the same; POST without=<key> takes the link away."""
    statement = _open_statement(request, pk)
    chosen: dict[str, Any] = {
        name: _statements(request).filter(pk__in=numbers_in(request.POST.getlist(name))).first()
        for name in ("with", "without")
    }
    if chosen["with"] and chosen["with"] != statement:
        statement.alike.add(chosen["with"])
    if chosen["without"]:
        statement.alike.remove(chosen["without"])
    return redirect(statement)
