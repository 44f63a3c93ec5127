"""Statements and codes as files."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from crm.accounts.access import StaffRequest, requires
from crm.base.downloads import as_download, download
from crm.base.tables import Table
from crm.base.writers import FORMATS
from engagement.exchange.project import released_project, whole_project
from engagement.exchange.refi import codebook
from engagement.exchange.tables import code_table, outcome_table, statement_table
from engagement.statements.filters import StatementFilter
from engagement.statements.models import Statement

_PROJECT, _CODEBOOK = "application/zip", "application/xml"


@requires("exchange.released")
@require_safe
def exchange(request: StaffRequest) -> HttpResponse:
    """What can be taken out, and who may take it."""
    return render(request, "engagement/exchange/page.html", {"formats": FORMATS.items()})


@requires("exchange.released")
@require_safe
def statement_export(request: StaffRequest, kind: str) -> HttpResponse:
    """The statements of a filtered list, as they may leave the core team."""
    found = StatementFilter(request.GET, queryset=Statement.objects.all()).qs
    return _table(request, lambda: statement_table(found), kind)


@requires("exchange.released")
@require_safe
def outcome_export(request: StaffRequest, kind: str) -> HttpResponse:
    return _table(request, outcome_table, kind)


@requires("exchange.released")
@require_safe
def code_export(request: StaffRequest, kind: str) -> HttpResponse:
    return _table(request, code_table, kind)


def _table(request: StaffRequest, make: Callable[[], Table], kind: str) -> HttpResponse:
    if kind not in FORMATS:
        raise Http404
    return as_download(make(), FORMATS[kind], user=request.user)


@requires("exchange.released")
@require_safe
def codebook_export(request: StaffRequest) -> HttpResponse:
    content = codebook()
    if not content:
        messages.error(request, _("There are no codes yet."))
        return redirect("statement_exchange")
    return download(content, name=_("Codes"), suffix="qdc", content_type=_CODEBOOK, user=request.user)


@requires("exchange.released")
@require_safe
def project_export(request: StaffRequest) -> HttpResponse:
    """What may leave the core team, as a REFI-QDA project."""
    name = _("Statements")
    return download(released_project(), name=name, suffix="qdpx", content_type=_PROJECT, user=request.user)


@requires("exchange.whole")
@require_POST
def project_export_whole(request: StaffRequest) -> HttpResponse:
    """With the whole notes; who took them out stands in the log."""
    content = whole_project(request.user)
    name = _("Statements with notes")
    return download(content, name=name, suffix="qdpx", content_type=_PROJECT, user=request.user)
