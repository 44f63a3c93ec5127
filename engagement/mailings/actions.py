"""What somebody does with a mailing or a message: each is a POST that leads back to the page."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from crm.accounts.access import StaffRequest, requires
from crm.base.asking import asks
from crm.base.fields import numbers_in
from engagement.mailings import audience, questions, scheduling, services, trial
from engagement.mailings.checks import often_mailed
from engagement.mailings.forms import ScheduleForm
from engagement.mailings.kinds import CannotBeMade
from engagement.mailings.models import Mailing, Message, Recipient
from engagement.mailings.views import ABOUT_TEST, shown, why_not_made

FIXED = gettext_lazy("Who gets it cannot be changed any more: it was started.")


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
    """Send it, and tell beside the mail what became of that."""
    level, words = _tried_out(request.user.email, reader)
    messages.add_message(request, level, words, extra_tags=ABOUT_TEST)


def _tried_out(to: str, reader: Recipient) -> tuple[int, str]:
    if not to:
        return messages.WARNING, _("You have no e-mail address to send a test to.")
    try:
        sent = trial.send_test(recipient=reader, to=to)
    except CannotBeMade as error:
        return messages.ERROR, why_not_made(error)
    except (OSError, ValueError) as error:
        words = _("The mail server did not take it: %(words)s")
        return messages.ERROR, words % {"words": trial.said(error)}
    words = ngettext(
        "One test mail is on its way to %(to)s.", "%(n)s test mails are on their way to %(to)s.", sent
    )
    return messages.SUCCESS, words % {"n": sent, "to": to}


@requires("mailings.send")
@require_POST
@asks(questions.about_sending)
def mailing_send(request: StaffRequest, pk: int) -> HttpResponse:
    mailing = get_object_or_404(Mailing, pk=pk)
    try:
        scheduling.start_by_hand(mailing=mailing)
    except services.MailingNotReady as error:
        for problem in error.problems:
            messages.error(request, problem)
    except scheduling.MomentRefused as error:
        messages.error(request, str(error))
    return redirect(mailing)


@requires("mailings.send")
@require_POST
def mailing_schedule(request: StaffRequest, pk: int) -> HttpResponse:
    """Plan it for the moment in the form; what is wrong with that stands beside the field."""
    mailing = get_object_or_404(Mailing, pk=pk)
    form = ScheduleForm(request.POST)
    if form.is_valid():
        try:
            if scheduling.schedule(mailing=mailing, at=form.cleaned_data["at"]):
                messages.success(request, _("Planned. It goes out by itself."))
            return redirect(mailing)
        except (scheduling.MomentRefused, services.MailingNotReady) as error:
            form.add_error("at", str(error))
    return shown(request, mailing, form)


@requires("mailings.send")
@require_POST
def mailing_unschedule(request: StaffRequest, pk: int) -> HttpResponse:
    """Hold a planned mailing back; one that began to go out meanwhile is paused."""
    mailing = get_object_or_404(Mailing, pk=pk)
    if scheduling.unschedule(mailing=mailing):
        messages.success(request, _("It is a draft again and does not go out by itself."))
    elif services.pause(mailing=mailing):
        messages.warning(request, _("It had begun to go out. What had not left yet is held."))
    return redirect(mailing)


@requires("mailings.send")
@require_POST
def mailing_leave_out(request: StaffRequest, pk: int) -> HttpResponse:
    """Skip the recipients in the form, or with `often` all who had many messages lately."""
    mailing = get_object_or_404(Mailing, pk=pk)
    chosen = numbers_in(request.POST.getlist("recipient"))
    if "often" in request.POST:
        chosen = [recipient.pk for recipient in often_mailed(mailing)]
    try:
        number = audience.leave_out(mailing=mailing, recipients=chosen)
    except audience.AudienceIsFixed:
        messages.info(request, FIXED)
    else:
        words = ngettext("%(n)s person is left out.", "%(n)s people are left out.", number)
        messages.success(request, words % {"n": number})
    return redirect(mailing)


@requires("mailings.send")
@require_POST
def mailing_take_in(request: StaffRequest, pk: int) -> HttpResponse:
    mailing = get_object_or_404(Mailing, pk=pk)
    try:
        for number in numbers_in(request.POST.getlist("recipient")[:1]):
            _tell(request, audience.take_in(mailing=mailing, recipient=number))
    except audience.AudienceIsFixed:
        messages.info(request, FIXED)
    return redirect(mailing)


def _tell(request: StaffRequest, recipient: Recipient | None) -> None:
    """Whoever was left out may have a reason of their own not to be mailed."""
    if recipient and recipient.included:
        messages.success(request, _("%(name)s gets it after all.") % {"name": recipient.contact})
    elif recipient:
        words = {"name": recipient.contact, "reason": recipient.get_reason_display()}
        messages.warning(request, _("%(name)s cannot get it: %(reason)s.") % words)


@requires("mailings.send")
@require_POST
@asks(questions.about_deleting)
def mailing_delete(request: StaffRequest, pk: int) -> HttpResponse:
    mailing = get_object_or_404(Mailing, pk=pk)
    if services.discard(mailing=mailing):
        messages.success(request, _("The draft is deleted."))
        return redirect("mailing_list")
    messages.warning(request, _("Only a draft can be deleted."))
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
@asks(questions.about_stopping)
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
