"""What is probably known twice, and what was merged, with all that it takes to undo it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.base.bulk_rows import one_by_one
from crm.contacts.models import Contact
from crm.organisations.models import Organisation


class Noun(models.TextChoices):
    CONTACT = "contact", _("people")
    ORGANISATION = "organisation", _("organisations")


class DuplicatePair(models.Model):
    """Two keys that a look at everything took for the same. Renewed by proposals.look()."""

    class State(models.TextChoices):
        OPEN = "open", _("to be judged")
        DIFFERENT = "different", _("not the same")

    noun = models.CharField(max_length=12, choices=Noun.choices)
    # Keys and no relations: a pair says nothing any more once one of the two is gone.
    a = models.BigIntegerField()
    b = models.BigIntegerField(db_index=True)
    score = models.FloatField()
    # See reasons.py.
    reasons: models.JSONField[list[str], list[str]] = models.JSONField(default=list)
    automatic = models.BooleanField(default=False)
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)

    class Meta:
        ordering = ["-score", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["noun", "a", "b"], name="duplicate_pair_once"),
            models.CheckConstraint(condition=Q(a__lt=F("b")), name="duplicate_pair_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.noun} {self.a} = {self.b}"


class MergeQuerySet(models.QuerySet["Merge"]):
    def of_gone(self, model: type[models.Model], key: int) -> MergeQuerySet:
        """The merge in which this one went, unless it was undone."""
        noun = model._meta.model_name or ""
        return self.filter(gone_key=key, undone_at=None, **{f"{noun}__isnull": False}).select_related(noun)

    def pairs_among(self, model: type[models.Model], keys: Collection[int]) -> Iterable[tuple[int, int]]:
        """(who went, who stays) of the merges that stand in which one of these went or stayed."""
        noun = model._meta.model_name or ""
        stand = self.filter(undone_at=None, **{f"{noun}__isnull": False})
        here = one_by_one(sorted(keys), "default")
        found = stand.filter(Q(gone_key__in=here) | Q(**{f"{noun}__in": here}))
        return found.order_by("pk").values_list("gone_key", noun)


class Merge(models.Model):
    """One thing that was known twice and is one now."""

    # Whatever the kept one is now: merged once more, this moves along like everything else.
    contact = models.ForeignKey(Contact, models.CASCADE, null=True, blank=True, related_name="merges")
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, null=True, blank=True, related_name="merges"
    )
    # Whom it was merged into at the time, and who went.
    into_key = models.BigIntegerField()
    gone_key = models.BigIntegerField(db_index=True)
    gone_name = models.CharField(max_length=300)
    # See journal.py.
    journal: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = models.JSONField(default=list)
    merged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    merged_at = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # What could not be undone, as crm/base/said.py has it.
    left: models.JSONField[list[Any], list[Any]] = models.JSONField(default=list)

    objects = MergeQuerySet.as_manager()

    class Meta:
        ordering = ["-merged_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(contact__isnull=False, organisation=None)
                | Q(contact=None, organisation__isnull=False),
                name="merge_of_one_noun",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.gone_name} → {self.kept}"

    def get_absolute_url(self) -> str:
        return reverse("merge_detail", args=[self.pk])

    @property
    def kept(self) -> Contact | Organisation:
        kept = self.contact or self.organisation
        assert kept is not None  # noqa: S101  # so says the constraint
        return kept
