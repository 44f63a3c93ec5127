"""The pages of mailings: all of them, and one before, while and after it is sent."""

from typing import Any

from csp.decorators import csp_replace
from django.conf import settings
from django.contrib.messages import get_messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from crm.accounts.access import StaffRequest, requires
from crm.accounts.roles import may
from crm.base.downloads import as_download
from crm.base.fields import numbers_in
from crm.base.writers import FORMATS
from crm.contacts.names import UnresolvedSalutation
from crm.themes.models import Theme
from engagement.mailings import editions, services
from engagement.mailings.audience import words_of
from engagement.mailings.checks import often_mailed
from engagement.mailings.exports import recipient_table
from engagement.mailings.forms import MailingListForm, ScheduleForm
from engagement.mailings.kinds import KINDS, CannotBeMade, Mail
from engagement.mailings.models import Mailing, Message, Recipient
from engagement.mailings.progress import Counts, counts_of, forecast_of
from engagement.mailings.results import lost_since_draft, results_of
from engagement.mailings.wording import words_about

PER_PAGE = 50
# Marks what is told about a test, which the page shows beside the mail.
ABOUT_TEST = "test"


@requires("mailings.view")
@require_safe
def mailing_list(request: StaffRequest) -> HttpResponse:
    """All mailings with how far they are, the newest first."""
    form = MailingListForm(request.GET)
    page = Paginator(form.chosen().counted(), PER_PAGE).get_page(request.GET.get("page"))
    rows = [(mailing, KINDS[mailing.kind], Mailing.Stage(mailing.stage)) for mailing in page]
    asked = any(request.GET.get(name) for name in form.fields)
    context = {"form": form, "page": page, "rows": rows, "asked": asked}
    return render(request, "engagement/mailings/list.html", context)


@requires("mailings.view")
@require_safe
def mailing_detail(request: StaffRequest, pk: int) -> HttpResponse:
    """Who gets it and who is skipped with the reason, what is wrong, how far it is and what became of it."""
    return shown(request, get_object_or_404(Mailing, pk=pk))


def shown(request: StaffRequest, mailing: Mailing, schedule: ScheduleForm | None = None) -> HttpResponse:
    """The page of a mailing; with `schedule` when a moment was typed that cannot be."""
    recipients = mailing.recipients.select_related("contact")
    skipped = request.GET.get("show") == "skipped"
    included = recipients.filter(included=True)
    reader = included.filter(contact__in=numbers_in(request.GET.getlist("as"))).first()
    page = Paginator(recipients.filter(included=not skipped), PER_PAGE).get_page(request.GET.get("page"))
    counts, number = counts_of(mailing), included.count()
    context = {
        "mailing": mailing,
        "kind": KINDS[mailing.kind],
        "included": number,
        "skipped": recipients.filter(included=False).count(),
        "page": page,
        "rows": [(recipient, words_of(mailing, recipient)) for recipient in page],
        "themes": {theme.slug: str(theme) for theme in Theme.objects.all()},
        "show_skipped": skipped,
        "wording": words_about(mailing, counts, number),
        **_shown(request, reader or included.first()),
        "counts": counts,
    }
    context |= _before(mailing, schedule) if mailing.is_open else _afterwards(mailing, counts)
    return render(request, "engagement/mailings/detail.html", context)


def _shown(request: StaffRequest, reader: Recipient | None) -> dict[str, object]:
    """Through whose eyes, in which language, whether as plain text, and after a test was asked for."""
    own = reader.contact.language if reader else ""
    return {
        "reader": reader,
        "about_test": reader and any(ABOUT_TEST in said.tags.split() for said in get_messages(request)),
        "languages": settings.LANGUAGES,
        "language": _language_in(request) or own,
        "plain": request.GET.get("part") == "text",
    }


def _before(mailing: Mailing, schedule: ScheduleForm | None) -> dict[str, Any]:
    """What is still to be done, what is wrong, what to know before it starts, and when it does."""
    often = often_mailed(mailing)
    about_words, to_choose = KINDS[mailing.kind].problems(mailing), services.nobody_chosen(mailing)
    return {
        "problems": about_words + ([] if to_choose else services.audience_problems(mailing)),
        "to_write": bool(about_words and KINDS[mailing.kind].edit_page),
        "to_choose": to_choose,
        "warnings": KINDS[mailing.kind].warnings(mailing),
        "often": often[: services.NAMED],
        "often_count": often.count(),
        "seconds": mailing.seconds_left(timezone.now()),
        "schedule": schedule or ScheduleForm(initial={"at": mailing.scheduled_for}),
    }


def _afterwards(mailing: Mailing, counts: Counts) -> dict[str, Any]:
    messages = mailing.messages.select_related("contact")
    return {
        "problems": [],
        "forecast": forecast_of(mailing, counts),
        "results": results_of(mailing),
        "lost": lost_since_draft(mailing),
        "uncertain": messages.uncertain(),
        "undelivered": messages.undelivered(),
        "formats": FORMATS.items(),
    }


@requires("mailings.view")
@require_safe
def mailing_progress(request: StaffRequest, pk: int) -> HttpResponse:
    """The progress bar alone, asked for again and again while the mailing runs."""
    mailing = get_object_or_404(Mailing, pk=pk)
    counts = counts_of(mailing)
    context = {"mailing": mailing, "counts": counts, "forecast": forecast_of(mailing, counts)}
    response = render(request, "engagement/mailings/progress.html", context)
    running = mailing.state == Mailing.State.SENDING and counts.left
    if not running and request.htmx:  # type: ignore[attr-defined]
        response["HX-Refresh"] = "true"
    return response


@requires("contacts.export")
@require_safe
def mailing_export(request: StaffRequest, pk: int, kind: str) -> HttpResponse:
    """Everybody of the audience with what became of it, as a file."""
    if not may(request.user, "mailings.view"):
        raise PermissionDenied
    mailing = get_object_or_404(Mailing, pk=pk)
    if kind not in FORMATS:
        raise Http404
    return as_download(recipient_table(mailing), FORMATS[kind], user=request.user)


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
    language = _language_in(request)
    message = services.preview(recipient=recipient, language=language)
    try:
        mail = _as_sent(recipient, message) or KINDS[recipient.mailing.kind].render(message)
    except CannotBeMade as error:
        return HttpResponse(why_not_made(error), content_type="text/plain; charset=utf-8")
    if request.GET.get("part") == "text":
        return HttpResponse(f"{mail.subject}\n\n{mail.text}", content_type="text/plain; charset=utf-8")
    return HttpResponse(mail.html)


def _as_sent(recipient: Recipient, message: Message) -> Mail | None:
    """What went out in the language of `message`, which is only looked at; None while nothing did."""
    sent = recipient.mailing.messages.filter(contact=recipient.contact).select_related("edition").first()
    if sent is not None and sent.language == message.language:
        message.edition = sent.edition
        return editions.sent_to(message)
    return editions.sent_in(message, message.language)


def why_not_made(error: CannotBeMade) -> str:
    """For a person who wanted to see the mail."""
    if str(error) == UnresolvedSalutation.__name__:
        return _("The salutation does not resolve, so this mail cannot be made yet.")
    return str(error)


def _language_in(request: StaffRequest) -> str:
    """The language asked for, "" for the reader's own."""
    language = request.GET.get("language", "")
    return language if language in dict(settings.LANGUAGES) else ""
