"""What came back by mail."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from crm.accounts.access import StaffRequest, requires
from crm.base.fields import numbers_in
from engagement.inbox.models import IncomingMail
from engagement.mailings.models import Mailing

PER_PAGE = 50


@requires("mailings.view")
@require_safe
def inbox_list(request: StaffRequest) -> HttpResponse:
    """Each mail with what it was, whom it was about and what it did; the newest first.

    ?mailing= has those about one mailing.
    """
    mailing = Mailing.objects.filter(pk__in=numbers_in(request.GET.getlist("mailing")[:1])).first()
    mails = IncomingMail.objects.select_related("message__contact", "message__mailing")
    if mailing:
        mails = mails.filter(message__mailing=mailing)
    page = Paginator(mails, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "engagement/inbox/list.html", {"page": page, "mailing": mailing})
