"""Interviews: conversations in which people of the four O's were heard."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.contacts.models import Contact
from crm.organisations.models import Organisation
from crm.themes.models import Theme


class Interview(models.Model):
    contacts = models.ManyToManyField(Contact, related_name="interviews", verbose_name=_("with"))
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="interviews",
        verbose_name=_("on behalf of"),
    )
    held_at = models.DateTimeField(_("when"))
    place = models.CharField(_("where"), max_length=200, blank=True)
    notes = models.TextField(_("notes"), blank=True)
    themes = models.ManyToManyField(Theme, blank=True, related_name="interviews", verbose_name=_("themes"))
    interviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="interviews", verbose_name=_("interviewer")
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-held_at", "-pk"]
        verbose_name = _("interview")
        verbose_name_plural = _("interviews")

    def __str__(self) -> str:
        return ", ".join(str(contact) for contact in self.contacts.all())

    def get_absolute_url(self) -> str:
        return reverse("interview_detail", args=[self.pk])
