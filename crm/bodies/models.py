"""Bodies such as the steering group, their seats, and who held which seat when."""

from __future__ import annotations

from datetime import date, timedelta

from django.contrib.contenttypes.fields import GenericRelation
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from crm.contacts.models import Contact
from crm.organisations.models import Organisation
from crm.texts.models import TextDocument


class Body(models.Model):
    name_nl = models.CharField(_("Dutch name"), max_length=100, unique=True)
    name_en = models.CharField(_("English name"), max_length=100, blank=True)
    purpose = models.TextField(_("purpose"), max_length=2000, blank=True)
    position = models.PositiveSmallIntegerField(_("place in the list"), default=0)
    documents = GenericRelation(TextDocument)

    class Meta:
        ordering = ["position", "name_nl"]
        verbose_name = _("body")
        verbose_name_plural = _("bodies")
        constraints = [models.CheckConstraint(condition=~Q(name_nl=""), name="body_has_name")]

    def __str__(self) -> str:
        english = (get_language() or "nl").startswith("en")
        return self.name_en if english and self.name_en else self.name_nl

    def get_absolute_url(self) -> str:
        return reverse("body_detail", args=[self.pk])


class SeatQuerySet(models.QuerySet["Seat"]):
    def existing_on(self, day: date) -> SeatQuerySet:
        return self.filter(
            Q(established_on=None) | Q(established_on__lte=day),
            Q(abolished_on=None) | Q(abolished_on__gt=day),
        )


class Seat(models.Model):
    """A place in a body, which usually belongs to an organisation; its holders change."""

    body = models.ForeignKey(Body, models.PROTECT, related_name="seats", verbose_name=_("body"))
    role = models.CharField(_("role"), max_length=100)
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="seats",
        verbose_name=_("organisation"),
    )
    position = models.PositiveSmallIntegerField(_("place in the list"), default=0)
    # Not known for a seat that was there before Kwartet.
    established_on = models.DateField(_("exists from"), null=True, blank=True)
    # The first day on which it is not there any more.
    abolished_on = models.DateField(_("abolished on"), null=True, blank=True)

    objects = SeatQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("seat")
        verbose_name_plural = _("seats")
        constraints = [
            models.CheckConstraint(condition=~Q(role=""), name="seat_has_role"),
            models.CheckConstraint(
                condition=Q(established_on=None)
                | Q(abolished_on=None)
                | Q(abolished_on__gt=F("established_on")),
                name="seat_dates_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role}, {self.organisation}" if self.organisation else self.role

    def get_absolute_url(self) -> str:
        return self.body.get_absolute_url()


class SeatHolderQuerySet(models.QuerySet["SeatHolder"]):
    def holders_on(self, day: date) -> SeatHolderQuerySet:
        return self.holding_from(day).filter(started_on__lte=day)

    def holding_from(self, day: date) -> SeatHolderQuerySet:
        """Those with a day on or after this one."""
        return self.filter(Q(ended_on=None) | Q(ended_on__gte=day))

    def overlapping(self, start: date, end: date | None) -> SeatHolderQuerySet:
        """Those with at least one day in common with this period, whose last day is `end`."""
        found = self.holding_from(start)
        return found if end is None else found.filter(started_on__lte=end)


class SeatHolder(models.Model):
    """One term: a contact on a seat from the first day up to and including the last one."""

    seat = models.ForeignKey(Seat, models.PROTECT, related_name="holders", verbose_name=_("seat"))
    contact = models.ForeignKey(Contact, models.PROTECT, related_name="seats", verbose_name=_("contact"))
    started_on = models.DateField(_("first day"))
    ended_on = models.DateField(_("last day"), null=True, blank=True)

    objects = SeatHolderQuerySet.as_manager()

    class Meta:
        ordering = [F("ended_on").desc(nulls_first=True), "-started_on", "pk"]
        verbose_name = _("term")
        verbose_name_plural = _("terms")
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("started_on")),
                name="seat_holder_dates_in_order",
            ),
            models.UniqueConstraint(
                fields=["seat"], condition=Q(ended_on=None), name="seat_holder_one_at_a_time"
            ),
        ]
        indexes = [models.Index(fields=["contact", "started_on"], name="seat_holder_of_contact")]

    def __str__(self) -> str:
        return f"{self.contact}: {self.seat}"

    def get_absolute_url(self) -> str:
        return f"{self.seat.get_absolute_url()}#term-{self.pk}"

    def clean(self) -> None:
        """Who comes in between, and whether the seat is there; services ask this under a lock."""
        if not (self.started_on and self.seat_id):  # a form that found it wrong already
            return
        if self.ended_on and self.ended_on < self.started_on:
            raise ValidationError({"ended_on": _("This is before the first day.")})
        others = self.seat.holders.exclude(pk=self.pk).overlapping(self.started_on, self.ended_on)
        if other := others.select_related("contact").order_by("started_on").first():
            words = {"name": other.contact, "day": date_format(other.started_on, "SHORT_DATE_FORMAT")}
            raise ValidationError(
                {"started_on": _("%(name)s holds this seat then (from %(day)s).") % words}, code="overlap"
            )
        self._check_that_the_seat_exists()

    def _check_that_the_seat_exists(self) -> None:
        seat = self.seat
        if seat.established_on and self.started_on < seat.established_on:
            raise ValidationError({"started_on": _("The seat was not there yet.")})
        last = seat.abolished_on and seat.abolished_on - timedelta(days=1)
        if last and self.started_on > last:
            raise ValidationError({"started_on": _("The seat was abolished by then.")})
        if last and (self.ended_on is None or self.ended_on > last):
            raise ValidationError({"ended_on": _("The seat is abolished before that: give a last day.")})
