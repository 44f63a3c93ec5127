"""The adviser's pages about events."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.accounts.access import StaffRequest, requires
from crm.base.asking import asks
from crm.base.downloads import as_download
from crm.base.fields import numbers_in
from crm.base.once import once
from crm.base.writers import FORMATS
from crm.contacts.models import Contact
from crm.directory.contacts.chips import chips, hidden_filters
from crm.directory.contacts.filters import ContactFilter
from crm.directory.segments.forms import ChooseSegmentForm
from crm.directory.segments.models import Segment
from crm.directory.segments.services import as_stored, stored_query
from engagement.events import questions, services
from engagement.events.announcing import number_told, told_about
from engagement.events.exports import needs_table, participant_table
from engagement.events.forms import EventForm
from engagement.events.invitees import filter_in, left_out_in, look, rows_of
from engagement.events.models import Event, Participation
from engagement.mailings.audience import AudienceMoved
from engagement.mailings.models import Mailing

Status = Participation.Status


@requires("events.view")
@require_safe
def event_list(request: StaffRequest) -> HttpResponse:
    now = timezone.now()
    events = Event.objects.select_related("theme")
    upcoming = list(events.upcoming(now))
    past = events.exclude(pk__in=[event.pk for event in upcoming])[:50]
    return render(request, "engagement/events/list.html", {"upcoming": upcoming, "past": past})


@requires("events.view")
@require_safe
def event_detail(request: StaffRequest, pk: int) -> HttpResponse:
    """Who comes, who does not, and which messages went out."""
    event = get_object_or_404(Event.objects.select_related("theme", "reminder_rule"), pk=pk)
    status = request.GET.get("status", Status.ACCEPTED)
    if status not in Status.values:
        status = Status.ACCEPTED
    people = Contact.objects.for_list().filter(participations__event=event, participations__status=status)
    answers = {p.contact_id: p for p in event.participations.filter(status=status)}
    context = {
        "event": event,
        "figures": [(Status(name), n) for name, n in services.status_counts(event).items()],
        "status": Status(status),
        "rows": [(person, answers[person.pk]) for person in people],
        "mailings": Mailing.objects.filter(kind="invitation", about_id=event.pk).counted(),
        "told": told_about(event),
        "window": event.reminder_rule.window() if hasattr(event, "reminder_rule") else None,
        "may_invite": not (event.cancelled_at or event.has_started(timezone.now())),
        "may_mark": not event.cancelled_at and event.has_started(timezone.now()),
        "formats": FORMATS.items(),
        "invited": event.participations.exists(),
        "were_there": event.participations.attended().count(),
    }
    return render(request, "engagement/events/detail.html", context)


@requires("contacts.export")
@require_safe
def event_export(request: StaffRequest, pk: int, kind: str) -> HttpResponse:
    """Everybody who was invited with their answer, as a file."""
    event = get_object_or_404(Event, pk=pk)
    if kind not in FORMATS:
        raise Http404
    return as_download(participant_table(event), FORMATS[kind], user=request.user)


@requires("events.needs")
@require_safe
def event_needs(request: StaffRequest, pk: int, kind: str) -> HttpResponse:
    """What to take into account of whom, as a file for who cooks or opens the doors."""
    event = get_object_or_404(Event, pk=pk)
    if kind not in FORMATS:
        raise Http404
    return as_download(needs_table(event), FORMATS[kind], user=request.user)


@requires("events.change")
@require_http_methods(["GET", "HEAD", "POST"])
@once
def event_new(request: StaffRequest) -> HttpResponse:
    """?copy= begins with what another event says."""
    like = Event.objects.filter(pk__in=numbers_in(request.GET.getlist("copy"))).first()
    return _edit(request, like.copied() if like else Event())


@requires("events.change")
@require_http_methods(["GET", "HEAD", "POST"])
@asks(questions.about_saving)
def event_edit(request: StaffRequest, pk: int) -> HttpResponse:
    return _edit(request, get_object_or_404(Event, pk=pk))


def _edit(request: StaffRequest, event: Event) -> HttpResponse:
    form = EventForm(request.POST if request.method == "POST" else None, instance=event)
    if request.method == "POST" and form.is_valid():
        days = form.cleaned_data["remind_days_before"]
        days, tell = form.cleaned_data["remind_days_before"], request.POST.get("tell") != "no"
        before = form.instance.sequence
        saved = services.save_event(event=form.instance, remind_days_before=days, tell=tell)
        told = number_told(saved) if tell and saved.sequence != before else 0
        messages.success(request, f"{_('Saved.')} {_in_words(told)}".strip())
        return redirect(saved)
    return render(request, "engagement/events/form.html", {"form": form, "event": event})


@requires("events.change")
@require_POST
def event_attendance(request: StaffRequest, pk: int) -> HttpResponse:
    """Of the people `shown`, those ticked came and the others did not; or all who said yes came."""
    event = get_object_or_404(Event, pk=pk)
    came = set(numbers_in(request.POST.getlist("came")))
    shown = set(numbers_in(request.POST.getlist("shown")))
    if "everybody" in request.POST:
        came = set(event.participations.coming().filter(attended=None).values_list("pk", flat=True))
        shown = set()
    try:
        changed = services.mark_attendance(event=event, came=came, away=shown - came)
    except services.NothingToAttend:
        messages.warning(request, _("Who was there can be noted once the event has started."))
    else:
        words = ngettext("Noted for %(n)s person.", "Noted for %(n)s people.", changed)
        messages.success(request, words % {"n": changed})
    status = request.POST.get("status", "")
    return redirect(f"{event.get_absolute_url()}?status={status}" if status in Status.values else event)


def _in_words(told: int) -> str:
    """ "20 people are told.", "" for nobody."""
    words = ngettext("%(n)s person is told.", "%(n)s people are told.", told)
    return words % {"n": told} if told else ""


@requires("events.change")
@require_POST
@asks(questions.about_cancelling)
def event_cancel(request: StaffRequest, pk: int) -> HttpResponse:
    event = get_object_or_404(Event, pk=pk)
    services.cancel_event(event=event, tell=request.POST.get("tell") != "no")
    event.refresh_from_db()
    told = _in_words(number_told(event)) or _("Nobody is told.")
    messages.success(request, " ".join([_("Cancelled."), told]))
    return redirect(event)


@requires("mailings.send")
@require_safe
def event_choose(request: StaffRequest) -> HttpResponse:
    """To what the people of a list are invited: the events to come, those of a theme they were filtered by
    first. The filter, or ?segment=, goes along in the address.
    """
    segment = Segment.objects.chosen_by(request.user, request.GET)
    data = segment.query() if segment else request.GET
    chosen = ContactFilter(data, queryset=Contact.objects.all())
    if not chosen.is_valid():
        return redirect(f"{reverse('contact_list')}?{request.GET.urlencode()}")
    themes = chosen.form.cleaned_data["theme"]
    events = Event.objects.open_to_guests(timezone.now()).select_related("theme")
    context = {
        "segment": segment,
        "chips": chips(data, chosen.form.cleaned_data),
        "found": chosen.qs.count(),
        "events": sorted(events, key=lambda event: event.theme not in themes),
        "themes": themes,
        "query": f"segment={segment.pk}" if segment else stored_query(data),
    }
    return render(request, "engagement/events/choose.html", context)


@requires("mailings.send")
@require_http_methods(["GET", "HEAD", "POST"])
def event_invite(request: StaffRequest, pk: int) -> HttpResponse:
    """Choose by filter, untick whom not, and make the draft of exactly those whose number was shown."""
    event = get_object_or_404(Event.objects.select_related("theme"), pk=pk)
    typed = request.POST if request.method == "POST" else None
    segment = Segment.objects.chosen_by(request.user, request.GET)
    data = filter_in(segment.query() if segment else request.GET, typed, event)
    chosen = ContactFilter(data, queryset=Contact.objects.all())
    valid = chosen.is_valid()
    left_out = left_out_in(request.POST)
    moved = False
    if "save" in request.POST and valid:
        try:
            return redirect(
                services.choose_audience(
                    event=event,
                    audience=as_stored(data),
                    contacts=chosen.qs,
                    by=request.user,
                    left_out=left_out,
                    seen=request.POST.get("seen") or "nothing yet",
                )
            )
        except AudienceMoved:
            moved = True
    context = {"event": event, "filter": chosen, "moved": moved, "hidden": hidden_filters(data)}
    context["selections"] = ChooseSegmentForm(initial={"segment": segment}, user=request.user)
    if valid:
        context |= _invitees(request, event, chosen, left_out)
        context["chips"] = chips(data, chosen.form.cleaned_data)
    return render(request, "engagement/events/invite.html", context)


def _invitees(
    request: StaffRequest, event: Event, chosen: ContactFilter, left_out: set[int]
) -> dict[str, Any]:
    found = look(event, chosen.qs, left_out)
    page = found.page(request.POST.get("page", ""))
    return {"invitees": found, "page": page, "rows": rows_of(page), "often": settings.MAIL_OFTEN}


@requires("statements.change")
@require_POST
def event_writeup(request: StaffRequest, pk: int) -> HttpResponse:
    """To the notes of what was said there; the first one to come begins them."""
    get_object_or_404(Event, pk=pk)
    return redirect("capture", services.begin_writeup(event_key=pk).pk)
