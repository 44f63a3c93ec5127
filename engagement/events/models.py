"""Events, who was invited and what they answered, and when to remind."""

from __future__ import annotations

import uuid
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from crm.contacts.formality import DUTCH_WITH_JE, Formality
from crm.contacts.models import Contact
from crm.themes.models import Theme
from engagement.statements.levels import Level
from engagement.statements.models import Writeup


class EventQuerySet(models.QuerySet["Event"]):
    def upcoming(self, now: datetime) -> EventQuerySet:
        return self.filter(ends_at__gt=now, cancelled_at=None).order_by("starts_at", "pk")

    def open_to_guests(self, now: datetime) -> EventQuerySet:
        """Those that somebody can still be invited to, the first one first."""
        return self.upcoming(now).filter(starts_at__gt=now)


class Event(models.Model):
    class Kind(models.TextChoices):
        EXPERT_SESSION = "expert session", _("expert session")
        WORKSHOP = "workshop", _("workshop")
        EVENT = "event", _("event")
        MEETING = "meeting", _("meeting")

    # The iCalendar UID is derived from it (RFC 5545 section 3.8.4.7: the same for ever).
    uid = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
    kind = models.CharField(_("kind"), max_length=14, choices=Kind.choices, default=Kind.EXPERT_SESSION)
    theme = models.ForeignKey(Theme, models.PROTECT, related_name="events", verbose_name=_("theme"))
    title_nl = models.CharField(_("title in Dutch"), max_length=150)
    title_en = models.CharField(_("title in English"), max_length=150, blank=True)
    text_nl = models.TextField(_("invitation text in Dutch"))
    # In which form that speaks to its reader; beside a text that says u there may be one that says je.
    formality = models.CharField(
        _("speaks to people with"), max_length=2, choices=Formality.choices, default=Formality.U
    )
    text_nl_je = models.TextField(_("the same text for whom we call je"), blank=True)
    text_en = models.TextField(_("invitation text in English"), blank=True)
    starts_at = models.DateTimeField(_("start"), db_index=True)
    ends_at = models.DateTimeField(_("end"))
    time_zone = models.CharField(_("time zone"), max_length=40, default="Europe/Amsterdam")
    place = models.CharField(_("place"), max_length=200)
    capacity = models.PositiveIntegerField(
        _("number of places"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    # RFC 5545 section 3.8.7.4: goes up when the time or the place changes.
    sequence = models.PositiveIntegerField(default=0, editable=False)
    cancelled_at = models.DateTimeField(null=True, blank=True, editable=False)
    level = models.CharField(_("take part"), max_length=11, choices=Level.choices, blank=True)
    promise_nl = models.CharField(_("what is promised"), max_length=300, blank=True)
    promise_en = models.CharField(_("what is promised, in English"), max_length=300, blank=True)
    # What was said there; made when somebody begins to write it up.
    writeup = models.OneToOneField(
        Writeup, models.PROTECT, null=True, blank=True, editable=False, related_name="event"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at", "-pk"]
        verbose_name = _("event")
        verbose_name_plural = _("events")
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="event_ends_after_start"),
            models.CheckConstraint(condition=Q(capacity=None) | Q(capacity__gte=1), name="event_has_places"),
            models.CheckConstraint(
                condition=Q(formality="u") | Q(formality="je", text_nl_je=""),
                name="event_second_text_says_je",
            ),
        ]

    def __str__(self) -> str:
        return self.title()

    def get_absolute_url(self) -> str:
        return reverse("event_detail", args=[self.pk])

    def clean(self) -> None:
        if self.formality == Formality.JE and self.text_nl_je:
            raise ValidationError({"text_nl_je": _("The text above says je already. Leave this one empty.")})

    def formality_for(self, contact: Contact) -> str:
        """In which form all about the event speaks to them: theirs, where there is a text in it."""
        return contact.formality if self.text_nl_je else self.formality

    def copied(self) -> Event:
        """Another one like it, not saved; when it is, somebody still has to say."""
        names = (
            "kind",
            "theme",
            "title_nl",
            "title_en",
            "text_nl",
            "formality",
            "text_nl_je",
            "text_en",
            "place",
            "capacity",
            "time_zone",
            "level",
            "promise_nl",
            "promise_en",
        )
        return Event(**{name: getattr(self, name) for name in names})

    def title(self, language: str | None = None) -> str:
        return self._in_language("title", language)

    def titles(self) -> dict[str, str]:
        """For the timeline, which tells everybody in their own language."""
        return {"title": self.title("nl"), "title_en": self.title("en")}

    def text(self, language: str | None = None) -> str:
        """In a language, or in Dutch with je where that was written apart."""
        if (language or get_language()) == DUTCH_WITH_JE and self.text_nl_je:
            return self.text_nl_je
        return self._in_language("text", language)

    def promise(self, language: str | None = None) -> str:
        return self._in_language("promise", language)

    def _in_language(self, name: str, language: str | None) -> str:
        code = (language or get_language() or "nl")[:2]
        text: str = getattr(self, f"{name}_en") if code == "en" else getattr(self, f"{name}_nl")
        return text or getattr(self, f"{name}_nl")

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def local_start(self) -> datetime:
        return self.starts_at.astimezone(self.zone)

    @property
    def local_end(self) -> datetime:
        return self.ends_at.astimezone(self.zone)

    def has_started(self, now: datetime) -> bool:
        return now >= self.starts_at

    def places_left(self) -> int | None:
        """How many may still say yes; None for no limit."""
        if self.capacity is None:
            return None
        return max(0, self.capacity - self.participations.coming().count())


class ParticipationQuerySet(models.QuerySet["Participation"]):
    def coming(self) -> ParticipationQuerySet:
        return self.filter(status=Participation.Status.ACCEPTED)

    def attended(self) -> ParticipationQuerySet:
        return self.filter(attended=True)

    def not_declined(self) -> ParticipationQuerySet:
        return self.exclude(status=Participation.Status.DECLINED)

    def answered_since(self, moment: datetime) -> ParticipationQuerySet:
        return self.filter(answered_at__gte=moment).order_by("-answered_at", "-pk")


class Participation(models.Model):
    """One person and one event, in the PARTSTAT terms of RFC 5545 section 3.2.12."""

    class Status(models.TextChoices):
        NEEDS_ACTION = "needs-action", _("no answer yet")
        ACCEPTED = "accepted", _("yes")
        DECLINED = "declined", _("no")
        TENTATIVE = "tentative", _("perhaps")

    event = models.ForeignKey(Event, models.CASCADE, related_name="participations")
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="participations")
    status = models.CharField(_("answer"), max_length=12, choices=Status.choices, default=Status.NEEDS_ACTION)
    needs = models.TextField(_("to take into account"), max_length=1000, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True, db_index=True)
    # None: nobody said so yet.
    attended = models.BooleanField(_("was there"), null=True, blank=True)
    # How often this person answered, and how often a CANCEL was sent to them alone.
    answers = models.PositiveIntegerField(default=0)
    cancellations = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ParticipationQuerySet.as_manager()

    class Meta:
        ordering = ["contact__sort_key", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["event", "contact"], name="participation_once"),
            models.CheckConstraint(
                condition=Q(status="needs-action") | Q(answered_at__isnull=False),
                name="participation_answer_has_moment",
            ),
        ]
        indexes = [
            models.Index(fields=["event", "status"], name="participation_by_status"),
            models.Index(fields=["contact"], condition=Q(attended=True), name="participation_attended"),
        ]

    def __str__(self) -> str:
        return f"{self.contact}: {self.status}"


# After this a late reminder is no reminder any more.
REMIND_WITHIN = timedelta(hours=24)


class ReminderRule(models.Model):
    """Remind who accepted or did not answer, some days before the start."""

    event = models.OneToOneField(Event, models.CASCADE, related_name="reminder_rule")
    days_before = models.PositiveSmallIntegerField(
        _("days before"), validators=[MinValueValidator(1), MaxValueValidator(60)]
    )
    at = models.TimeField(_("at"), default=time(9, 0))

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(days_before__gte=1, days_before__lte=60), name="reminder_some_days_before"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.days_before} days before {self.event}"

    def window(self) -> tuple[datetime, datetime]:
        """From when and until when the reminder may be queued.

        Computed from the start as it is now, on the clock of the event's own time zone, so that moving the
        event or a change to summer time needs no rescheduling.
        """
        day = self.event.local_start.date() - timedelta(days=self.days_before)
        due = datetime.combine(day, self.at, tzinfo=self.event.zone)
        return due, min(due + REMIND_WITHIN, self.event.starts_at)

    def is_due(self, now: datetime) -> bool:
        due, give_up = self.window()
        return due <= now < give_up


class AttendedKind(models.Model):
    """A facet, kept by facets.py: this person was at an event of this kind."""

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="attended_kinds")
    kind = models.CharField(max_length=20, choices=Event.Kind.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "contact"], name="attended_kind_once")]

    def __str__(self) -> str:
        return self.kind
