"""What was heard on each theme, as pages and files."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from crm.accounts.access import StaffRequest, requires
from crm.base.downloads import as_download, download
from crm.base.writers import FORMATS
from crm.themes.models import Theme
from engagement.briefings.briefing import Briefing
from engagement.briefings.exports import briefing_table
from engagement.briefings.findings import findings
from engagement.briefings.overview import overview
from engagement.briefings.pdf import as_pdf, based_on


@requires("briefings.view")
@require_safe
def briefing_list(request: StaffRequest) -> HttpResponse:
    return render(request, "engagement/briefings/list.html", {"themes": overview()})


@requires("briefings.view")
@require_safe
def briefing_detail(request: StaffRequest, slug: str) -> HttpResponse:
    briefing = Briefing(get_object_or_404(Theme, slug=slug))
    context = {"briefing": briefing, "findings": findings(briefing), "based_on": based_on(briefing)}
    return render(request, "engagement/briefings/detail.html", context)


@requires("briefings.view")
@require_safe
def briefing_export(request: StaffRequest, slug: str, kind: str) -> HttpResponse:
    """As a PDF, or every sentence as a row of a spreadsheet."""
    briefing = Briefing(get_object_or_404(Theme, slug=slug))
    if kind == "pdf":
        file = {"name": str(briefing.theme), "suffix": "pdf", "content_type": "application/pdf"}
        return download(as_pdf(briefing), **file, user=request.user)
    if kind not in FORMATS:
        raise Http404
    return as_download(briefing_table(briefing), FORMATS[kind], user=request.user)
