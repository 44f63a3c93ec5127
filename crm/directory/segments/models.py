"""Selections: filters of contacts that somebody keeps, for themselves or for everybody."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.http import QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.base.fields import numbers_in


class SegmentQuerySet(models.QuerySet["Segment"]):
    def visible_to(self, user: User) -> SegmentQuerySet:
        return self.filter(Q(owner=user) | Q(shared=True))

    def chosen_by(self, user: User, data: QueryDict) -> Segment | None:
        """The one that ?segment= names; Http404 for one that this user does not see."""
        if not data.get("segment"):
            return None
        return get_object_or_404(self.visible_to(user), pk__in=numbers_in(data.getlist("segment")))


class Segment(models.Model):
    name = models.CharField(_("name"), max_length=100)
    # Every filled field of ContactFilter with its values: {"sector": ["research"]}.
    filter: models.JSONField[dict[str, list[str]], dict[str, list[str]]] = models.JSONField()
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="segments", verbose_name=_("owner")
    )
    shared = models.BooleanField(
        _("shared"), default=False, help_text=_("Everybody who may see contacts can then choose it.")
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = SegmentQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("selection")
        verbose_name_plural = _("selections")
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="segment_name_once_per_owner"),
            models.CheckConstraint(condition=~Q(name=""), name="segment_has_name"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"{reverse('contact_list')}?segment={self.pk}"

    def query(self) -> QueryDict:
        """The filter as ContactFilter takes it."""
        data = QueryDict(mutable=True)
        for name, values in self.filter.items():
            data.setlist(name, values)
        return data
