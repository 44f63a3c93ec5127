"""Follow-ups: what somebody said they would do, by when, and who of us keeps an eye on it."""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.contacts.models import Contact
from crm.organisations.models import Organisation
from engagement.statements.models import Statement, Writeup

# What is due within so many days stands on Today.
SOON = timedelta(days=7)


class FollowUpQuerySet(models.QuerySet["FollowUp"]):
    def open(self) -> FollowUpQuerySet:
        """Those still to be done, the most urgent one first."""
        return self.filter(done_at=None).order_by("due_on", "pk")

    def done(self) -> FollowUpQuerySet:
        return self.exclude(done_at=None).order_by("-done_at", "-pk")

    def due_for(self, user: User, on: date) -> FollowUpQuerySet:
        """What this user has to see to within a week, and what is late."""
        return self.open().filter(owner=user, due_on__lte=on + SOON)

    def asked_by(self, contact: Contact) -> FollowUpQuerySet:
        """What this person asked of us by a link and was not done yet."""
        return self.open().filter(contact=contact, created_by=None)

    def shown(self) -> FollowUpQuerySet:
        """With what a row of a list tells."""
        return self.select_related("owner", "contact", "organisation", "writeup", "done_by")


class FollowUp(models.Model):
    """`theirs` says that the other side promised it; `owner` is who of the team sees to it in either case.

    Without `created_by` the person of `contact` asked for it by a link.
    """

    what = models.CharField(_("what"), max_length=300)
    theirs = models.BooleanField(_("they promised it, we keep an eye on it"), default=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="follow_ups", verbose_name=_("who sees to it")
    )
    due_on = models.DateField(_("by"))
    contact = models.ForeignKey(
        Contact, models.PROTECT, null=True, blank=True, related_name="follow_ups", verbose_name=_("with")
    )
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="follow_ups",
        verbose_name=_("organisation"),
    )
    # The conversation or session where it arose.
    writeup = models.ForeignKey(
        Writeup, models.SET_NULL, null=True, blank=True, editable=False, related_name="follow_ups"
    )
    # What was said there that it is about.
    statement = models.ForeignKey(
        Statement, models.SET_NULL, null=True, blank=True, editable=False, related_name="follow_ups"
    )
    done_at = models.DateTimeField(null=True, blank=True, editable=False)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    done_note = models.CharField(_("how it went"), max_length=500, blank=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")
        constraints = [
            models.CheckConstraint(condition=~Q(what=""), name="follow_up_says_what"),
            models.CheckConstraint(
                condition=Q(done_at=None, done_by=None) | Q(done_at__isnull=False, done_by__isnull=False),
                name="follow_up_done_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.what

    def get_absolute_url(self) -> str:
        return reverse("followup_edit", args=[self.pk])

    def is_late(self, on: date) -> bool:
        return self.done_at is None and self.due_on < on

    @property
    def is_late_today(self) -> bool:
        return self.is_late(timezone.localdate())


class Digest(models.Model):
    """In which rhythm somebody gets their follow-ups by mail, and the last day on which they did."""

    class Rhythm(models.TextChoices):
        DAILY = "daily", _("every working day")
        WEEKLY = "weekly", _("every Monday")
        NEVER = "never", _("not by mail")

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="digest")
    rhythm = models.CharField(
        _("my follow-ups by mail"), max_length=6, choices=Rhythm.choices, default=Rhythm.WEEKLY
    )
    sent_on = models.DateField(null=True, blank=True, editable=False)

    def __str__(self) -> str:
        return f"{self.user}: {self.rhythm}"

    def is_due(self, on: date) -> bool:
        """Whether it goes out on this day; a Monday that was missed is made up for on the next day."""
        if self.rhythm == self.Rhythm.NEVER:
            return False
        if self.rhythm == self.Rhythm.DAILY:
            return on.weekday() < 5 and self.sent_on != on
        monday = on - timedelta(days=on.weekday())
        return self.sent_on is None or self.sent_on < monday
