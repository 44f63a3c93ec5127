"""Interviews: conversations in which people of the four O's were heard."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.contacts.models import Contact
from crm.organisations.models import Organisation
from crm.themes.models import Theme
from engagement.statements.levels import Level
from engagement.statements.models import Writeup


class InterviewQuerySet(models.QuerySet["Interview"]):
    def counting(self, now: datetime) -> InterviewQuerySet:
        """Those in which somebody was heard: not those still to come, nor what was called off."""
        return self.filter(state__in=Interview.COUNTING, held_at__lte=now)

    def planned(self) -> InterviewQuerySet:
        """What is still to be held, the first one first; without a day last."""
        planned = self.filter(state=Interview.State.PLANNED)
        return planned.order_by(F("held_at").asc(nulls_last=True), "pk")

    def planned_for(self, user: User) -> InterviewQuerySet:
        """What this user is still to hold."""
        return self.planned().filter(interviewer=user)


class Guide(models.Model):
    """Questions that are asked in several conversations, one on a line."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    questions = models.TextField(_("questions, one on a line"), max_length=5000)

    class Meta:
        ordering = ["name"]
        verbose_name = _("guide")
        verbose_name_plural = _("guides")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("guide_edit", args=[self.pk])

    def question_list(self) -> list[str]:
        return [line.strip() for line in self.questions.splitlines() if line.strip()]


class Interview(models.Model):
    """A conversation; one that is planned may have no day yet. What was said stands in its notes."""

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        HELD = "held", _("held")
        WRITTEN_UP = "written up", _("written up")
        ASKED = "asked", _("approval asked")
        APPROVED = "approved", _("approved by who was heard")
        CANCELLED = "cancelled", _("called off")

    class Medium(models.TextChoices):
        IN_PERSON = "in person", _("in person")
        PHONE = "phone", _("by phone")
        VIDEO = "video", _("by video")

    COUNTING = (State.HELD, State.WRITTEN_UP, State.ASKED, State.APPROVED)

    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.HELD)
    contacts = models.ManyToManyField(Contact, related_name="interviews", verbose_name=_("with"))
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="interviews",
        verbose_name=_("on behalf of"),
    )
    held_at = models.DateTimeField(_("when"), null=True, blank=True)
    medium = models.CharField(_("how"), max_length=9, choices=Medium.choices, default=Medium.IN_PERSON)
    place = models.CharField(_("where"), max_length=200, blank=True)
    writeup = models.OneToOneField(Writeup, models.PROTECT, related_name="interview", editable=False)
    guide = models.ForeignKey(
        Guide, models.PROTECT, null=True, blank=True, related_name="interviews", verbose_name=_("guide")
    )
    level = models.CharField(_("takes part"), max_length=11, choices=Level.choices, blank=True)
    promise = models.CharField(_("what was promised"), max_length=300, blank=True)
    themes = models.ManyToManyField(Theme, blank=True, related_name="interviews", verbose_name=_("themes"))
    # None on the list of whom to interview while nobody is to do it yet.
    interviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="interviews",
        verbose_name=_("interviewer"),
    )
    also_by = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="+", verbose_name=_("together with")
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = InterviewQuerySet.as_manager()

    class Meta:
        ordering = [F("held_at").desc(nulls_first=True), "-pk"]
        verbose_name = _("interview")
        verbose_name_plural = _("interviews")
        constraints = [
            models.CheckConstraint(
                condition=Q(held_at__isnull=False) | Q(state__in=["planned", "cancelled"]),
                name="interview_without_a_day_was_not_held",
            ),
            models.CheckConstraint(
                condition=Q(interviewer__isnull=False) | Q(state__in=["planned", "cancelled"]),
                name="interview_was_held_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return ", ".join(str(contact) for contact in self.contacts.all())

    def get_absolute_url(self) -> str:
        return reverse("interview_detail", args=[self.pk])
