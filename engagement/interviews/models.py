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


class InterviewQuerySet(models.QuerySet["Interview"]):
    def counting(self, now: datetime) -> InterviewQuerySet:
        """Those in which somebody was heard: not those still to come, nor what was called off."""
        return self.filter(state__in=Interview.COUNTING, held_at__lte=now)

    def planned_for(self, user: User) -> InterviewQuerySet:
        """What this user is still to hold, the first one first; without a day last."""
        planned = self.filter(state=Interview.State.PLANNED, interviewer=user)
        return planned.order_by(F("held_at").asc(nulls_last=True), "pk")


class Interview(models.Model):
    """A conversation; one that is planned may have no day yet."""

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        HELD = "held", _("held")
        WRITTEN_UP = "written up", _("written up")
        APPROVED = "approved", _("approved by who was heard")
        CANCELLED = "cancelled", _("called off")

    COUNTING = (State.HELD, State.WRITTEN_UP, State.APPROVED)

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
    place = models.CharField(_("where"), max_length=200, blank=True)
    notes = models.TextField(_("notes"), blank=True)
    themes = models.ManyToManyField(Theme, blank=True, related_name="interviews", verbose_name=_("themes"))
    interviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="interviews", verbose_name=_("interviewer")
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
            )
        ]

    def __str__(self) -> str:
        return ", ".join(str(contact) for contact in self.contacts.all())

    def get_absolute_url(self) -> str:
        return reverse("interview_detail", args=[self.pk])
