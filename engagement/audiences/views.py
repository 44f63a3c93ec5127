"""The page on which somebody chooses who gets a composed mailing."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from crm.accounts.access import StaffRequest, requires
from engagement.audiences import services
from engagement.audiences.forms import AudienceForm
from engagement.audiences.parts import Audience, BrokenSelection
from engagement.mailings.audience import AudienceIsFixed, AudienceMoved
from engagement.mailings.kinds import KINDS
from engagement.mailings.models import Mailing


@requires("mailings.send")
@require_http_methods(["GET", "HEAD", "POST"])
def mailing_audience(request: StaffRequest, pk: int) -> HttpResponse:
    """Two sides, who gets it and who does not, with the number of people; only the button "save" stores."""
    mailing = get_object_or_404(Mailing, pk=pk)
    if not KINDS[mailing.kind].audience_page:
        raise Http404
    if mailing.state != Mailing.State.DRAFT:
        return _fixed(request, mailing)
    typed = request.POST if request.method == "POST" else None
    form = AudienceForm(typed, mailing=mailing, user=request.user)
    valid = typed is None or form.is_valid()
    audience = form.audience() if typed is not None and valid else form.stored
    if "save" in request.POST and valid:
        try:
            seen = request.POST.get("seen") or "nothing yet"
            return redirect(services.choose(mailing=mailing, audience=audience, seen=seen))
        except AudienceIsFixed:
            return _fixed(request, mailing)
        except AudienceMoved:
            messages.warning(request, _("This is the number now. Look at it, then press once more."))
    found = _look(request, mailing, audience) if valid else None
    context = {"mailing": mailing, "kind": KINDS[mailing.kind], "form": form, "found": found}
    return render(request, "engagement/audiences/audience.html", context)


def _look(request: StaffRequest, mailing: Mailing, audience: Audience) -> services.Found | None:
    try:
        return services.look(mailing=mailing, audience=audience)
    except BrokenSelection as error:
        words = _("The filter of “%(name)s” has a mistake. Set it right first.")
        messages.warning(request, words % {"name": error})
        return None


def _fixed(request: StaffRequest, mailing: Mailing) -> HttpResponse:
    messages.info(request, _("Who gets it can only be chosen while it is a draft."))
    return redirect(mailing)
