"""Organisations, the O's they belong to and the other names they go by."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history import register

from crm.base.sectors import Sector
from crm.base.text import words
from crm.base.tracking import History
from crm.organisations.addresses import COUNTRIES, HOME
from crm.organisations.names import organisation_key
from crm.themes.models import Tag


class SizeClass(models.TextChoices):
    """By employees."""

    ALONE = "1", _("1 person")
    MICRO = "2-9", _("2–9 employees")
    SMALL = "10-49", _("10–49 employees")
    MEDIUM = "50-249", _("50–249 employees")
    LARGE = "250+", _("250 employees or more")


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def search(self, text: str) -> OrganisationQuerySet:
        """Those whose name or alias contains every word of `text`, whatever its accents."""
        found = self
        for word in words(text):
            # The name too: its key lacks "Gemeente".
            here = Q(key__contains=word) | Q(name__icontains=word) | Q(aliases__key__contains=word)
            found = found.filter(here)
        return found.distinct()

    def known_as(self, name: str) -> OrganisationQuerySet:
        """Those with this name or alias ("Gemeente X" is "X"); usually one."""
        key = organisation_key(name)
        return self.filter(Q(key=key) | Q(aliases__key=key)).distinct()


class Organisation(models.Model):
    name = models.CharField(_("name"), max_length=200)
    # What names are compared by; see organisation_key().
    key = models.CharField(max_length=200, editable=False, db_index=True)
    external_id = models.CharField(_("code elsewhere"), max_length=50, blank=True)
    website = models.URLField(_("website"), blank=True)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("part of"),
    )
    # Branches of one organisation may share it, so it is not unique.
    kvk_number = models.CharField(
        _("KvK number"), max_length=8, blank=True, validators=[RegexValidator(r"^[0-9]{8}\Z")]
    )
    street = models.CharField(_("street"), max_length=150, blank=True)
    house_number = models.CharField(_("house number"), max_length=20, blank=True)
    # A Dutch one as "7522 NB"; see addresses.py.
    postcode = models.CharField(_("postcode"), max_length=12, blank=True, db_index=True)
    city = models.CharField(_("city"), max_length=100, blank=True)
    country = models.CharField(_("country"), max_length=2, default=HOME, choices=COUNTRIES)
    tags = models.ManyToManyField(Tag, blank=True, related_name="organisations", verbose_name=_("tags"))
    size_class = models.CharField(_("size"), max_length=8, choices=SizeClass.choices, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = OrganisationQuerySet.as_manager()
    history = History(
        excluded_fields=["key", "created_at", "updated_at"],
        no_db_index=["parent", "postcode", "external_id"],
        cascade_delete_history=True,
    )

    class Meta:
        ordering = ["key", "pk"]
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        constraints = [
            models.UniqueConstraint(
                fields=["external_id"], condition=~Q(external_id=""), name="organisation_external_id_unique"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="organisation_has_name"),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="organisation_not_its_own_parent"),
            models.CheckConstraint(
                condition=Q(kvk_number="") | Q(Exact(Length("kvk_number"), 8)),
                name="organisation_kvk_number_has_8_digits",
            ),
            models.CheckConstraint(
                condition=Q(size_class__in=["", *SizeClass.values]), name="organisation_size_class_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.set_keys()
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("organisation_detail", args=[self.pk])

    def set_keys(self) -> None:
        self.key = organisation_key(self.name)

    def clean(self) -> None:
        """ValidationError in words when it would become a part of itself; services ask this under a lock."""
        parent = self.parent
        if parent is not None and self.pk in {parent.pk, *(above.pk for above in parent.ancestors())}:
            message = _("“%(name)s” is a part of this organisation itself.") % {"name": parent}
            raise ValidationError({"parent": message})

    def ancestors(self) -> list[Organisation]:
        """What it is part of, the nearest first."""
        found: list[Organisation] = []
        above = self.parent
        while above is not None and above not in found:
            found.append(above)
            above = above.parent
        return found

    def address_lines(self) -> list[str]:
        """The address as on an envelope; the country only when it is another one."""
        country = "" if self.country == HOME else self.get_country_display()
        first = f"{self.street} {self.house_number}".strip()
        second = f"{self.postcode} {self.city}".strip()
        return [line for line in (first, second, country) if line]

    def sector_list(self) -> list[str]:
        """The codes of its O's, the primary one first (prefetch `sectors` for lists)."""
        rows = sorted(self.sectors.all(), key=lambda row: (not row.primary, Sector.values.index(row.sector)))
        return [row.sector for row in rows]


# The rows in between have a history of their own; they are written by crm.base.tracking.set_links().
register(Organisation.tags.through, app="crm", records_class=History, no_db_index=["tag"])


class OrganisationSector(models.Model):
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="sectors")
    sector = models.CharField(_("sector"), max_length=13, choices=Sector.choices)
    primary = models.BooleanField(_("primary"), default=False)

    history = History()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "sector"], name="organisation_sector_once"),
            models.UniqueConstraint(
                fields=["organisation"], condition=Q(primary=True), name="organisation_one_primary_sector"
            ),
            models.CheckConstraint(condition=Q(sector__in=Sector.values), name="organisation_sector_known"),
        ]

    def __str__(self) -> str:
        return self.sector


class OrganisationAlias(models.Model):
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="aliases")
    name = models.CharField(_("name"), max_length=200)
    key = models.CharField(max_length=200, editable=False, db_index=True)

    history = History(excluded_fields=["key"])

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "key"], name="organisation_alias_once"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.set_key()
        super().save(*args, **kwargs)

    def set_key(self) -> None:
        self.key = organisation_key(self.name)
