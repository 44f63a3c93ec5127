"""A mailing before, while and after it is sent."""

from csp.decorators import csp_replace
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from crm.accounts.access import StaffRequest, requires
from crm.contacts.names import UnresolvedSalutation
from crm.fields import numbers_in
from crm.themes.models import Theme
from engagement.mailings import services, trial
from engagement.mailings.kinds import KINDS, CannotBeMade
from engagement.mailings.models import Mailing, Message, Recipient

PER_PAGE = 50


@requires("mailings.view")
@require_safe
def mailing_detail(request: StaffRequest, pk: int) -> HttpResponse:
    """Who gets it and who is skipped with the reason, what is wrong, and how far it is."""
    mailing = get_object_or_404(Mailing, pk=pk)
    recipients = mailing.recipients.select_related("contact")
    shown = recipients.filter(included=request.GET.get("show") != "skipped")
    included = recipients.filter(included=True)
    reader = included.filter(contact__in=numbers_in(request.GET.getlist("as"))).first()
    draft = mailing.state == Mailing.State.DRAFT
    context = {
        "mailing": mailing,
        "kind": KINDS[mailing.kind],
        "included": included.count(),
        "skipped": recipients.filter(included=False).count(),
        "page": Paginator(shown, PER_PAGE).get_page(request.GET.get("page")),
        "themes": {theme.slug: str(theme) for theme in Theme.objects.all()},
        "show_skipped": request.GET.get("show") == "skipped",
        "problems": services.problems_of(mailing) if draft else [],
        **_shown(request, reader or included.first()),
        "counts": services.counts_of(mailing),
        "uncertain": mailing.messages.uncertain().select_related("contact"),
        "undelivered": mailing.messages.undelivered().select_related("contact"),
    }
    return render(request, "engagement/mailings/detail.html", context)


def _shown(request: StaffRequest, reader: Recipient | None) -> dict[str, object]:
    """Through whose eyes, in which language, and whether as plain text."""
    own = reader.contact.language if reader else ""
    return {
        "reader": reader,
        "languages": settings.LANGUAGES,
        "language": _language_in(request) or own,
        "plain": request.GET.get("part") == "text",
    }


@requires("mailings.view")
@require_safe
def mailing_progress(request: StaffRequest, pk: int) -> HttpResponse:
    """The progress bar alone, asked for again and again while the mailing runs."""
    mailing = get_object_or_404(Mailing, pk=pk)
    counts = services.counts_of(mailing)
    context = {"mailing": mailing, "counts": counts}
    done = counts["done"] == counts["total"]
    response = render(request, "engagement/mailings/progress.html", context)
    if done and request.htmx:  # type: ignore[attr-defined]
        response["HX-Refresh"] = "true"
    return response


# The mail has inline style by nature. It is shown in a frame of its own, which runs no script.
PREVIEW_CSP = {
    "default-src": ["'none'"],
    "style-src": ["'unsafe-inline'"],
    "frame-ancestors": ["'self'"],
    "sandbox": True,
}


@xframe_options_sameorigin
@csp_replace(PREVIEW_CSP)  # type: ignore[arg-type]  # its annotation knows no view with arguments
@requires("mailings.view")
@require_safe
def mailing_preview(request: StaffRequest, pk: int, recipient_pk: int) -> HttpResponse:
    """The mail as one recipient gets it, or would in ?language=; html, or text with ?part=text."""
    recipient = get_object_or_404(
        Recipient.objects.select_related("contact", "mailing"), pk=recipient_pk, mailing=pk, included=True
    )
    message = services.preview(recipient=recipient, language=_language_in(request))
    try:
        mail = KINDS[recipient.mailing.kind].render(message)
    except CannotBeMade as error:
        return HttpResponse(why_not_made(error), content_type="text/plain; charset=utf-8")
    if request.GET.get("part") == "text":
        return HttpResponse(f"{mail.subject}\n\n{mail.text}", content_type="text/plain; charset=utf-8")
    return HttpResponse(mail.html)


def why_not_made(error: CannotBeMade) -> str:
    """For a person who wanted to see the mail."""
    if str(error) == UnresolvedSalutation.__name__:
        return _("The salutation does not resolve, so this mail cannot be made yet.")
    return str(error)


def _language_in(request: StaffRequest) -> str:
    """The language asked for, "" for the reader's own."""
    language = request.GET.get("language", "")
    return language if language in dict(settings.LANGUAGES) else ""


@requires("mailings.send")
@require_POST
def mailing_test(request: StaffRequest, pk: int) -> HttpResponse:
    """Send it to whoever asks, as one of its readers would get it."""
    mailing = get_object_or_404(Mailing, pk=pk)
    included = mailing.recipients.filter(included=True).select_related("contact", "mailing")
    chosen = included.filter(contact__in=numbers_in(request.POST.getlist("as"))).first()
    reader = chosen or included.first()
    if reader is None:
        messages.warning(request, _("There is nobody in the audience yet."))
        return redirect(mailing)
    _try_out(request, reader)
    return redirect(f"{mailing.get_absolute_url()}?as={reader.contact.pk}#preview")


def _try_out(request: StaffRequest, reader: Recipient) -> None:
    to = request.user.email
    if not to:
        messages.warning(request, _("You have no e-mail address to send a test to."))
        return
    try:
        sent = trial.send_test(recipient=reader, to=to)
    except CannotBeMade as error:
        messages.error(request, why_not_made(error))
    except (OSError, ValueError) as error:
        words = _("The mail server did not take it: %(words)s")
        messages.error(request, words % {"words": trial.said(error)})
    else:
        words = ngettext(
            "One test mail is on its way to %(to)s.", "%(n)s test mails are on their way to %(to)s.", sent
        )
        messages.success(request, words % {"n": sent, "to": to})


@requires("mailings.send")
@require_POST
def mailing_send(request: StaffRequest, pk: int) -> HttpResponse:
    mailing = get_object_or_404(Mailing, pk=pk)
    start = KINDS[mailing.kind].start
    try:
        if start is not None:
            start(mailing=mailing)
    except services.MailingNotReady as error:
        for problem in error.problems:
            messages.error(request, problem)
    return redirect(mailing)


@requires("mailings.send")
@require_POST
def mailing_pause(request: StaffRequest, pk: int) -> HttpResponse:
    mailing = get_object_or_404(Mailing, pk=pk)
    if services.pause(mailing=mailing):
        messages.success(request, _("Paused. What is waiting waits until you go on."))
    return redirect(mailing)


@requires("mailings.send")
@require_POST
def mailing_resume(request: StaffRequest, pk: int) -> HttpResponse:
    mailing = get_object_or_404(Mailing, pk=pk)
    if services.resume(mailing=mailing):
        messages.success(request, _("It goes on."))
    return redirect(mailing)


@requires("mailings.send")
@require_POST
def mailing_stop(request: StaffRequest, pk: int) -> HttpResponse:
    mailing = get_object_or_404(Mailing, pk=pk)
    services.stop(mailing=mailing)
    messages.success(request, _("Stopped. Nothing more is sent."))
    return redirect(mailing)


@requires("mailings.send")
@require_POST
def message_settle(request: StaffRequest, pk: str) -> HttpResponse:
    """A person decides about an uncertain message: `again` in the form means send it once more."""
    message = get_object_or_404(Message, pk=pk)
    again = request.POST.get("choice") == "again"
    if services.settle(message=message, again=again):
        done = _("The message is sent again.") if again else _("The message counts as sent.")
        messages.success(request, done)
    else:
        messages.info(request, _("Somebody decided about this message already."))
    return redirect(request.POST.get("next") == "mailing" and message.mailing or "today")
