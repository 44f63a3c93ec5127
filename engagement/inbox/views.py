"""What came back by mail."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from crm.accounts.access import StaffRequest, requires
from engagement.inbox.models import IncomingMail

PER_PAGE = 50


@requires("mailings.view")
@require_safe
def inbox_list(request: StaffRequest) -> HttpResponse:
    """Each mail with what it was, whom it was about and what it did; the newest first."""
    mails = IncomingMail.objects.select_related("message__contact", "message__mailing")
    page = Paginator(mails, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "engagement/inbox/list.html", {"page": page})
