"""The words of a mailing that somebody writes: a subject and blocks, in Dutch and in English."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.contacts.formality import DUTCH_WITH_JE, Formality
from crm.contacts.models import Contact
from crm.texts.models import TextDocument
from engagement.events.models import Event
from engagement.mailings.models import Mailing

LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)
MOST_BLOCKS = 40
LONGEST_TEXT = 5000
# A page that was there yesterday may be gone by the time that a planned mailing goes out.
CHECK_LINKS_AGAIN = timedelta(days=1)


class CompositionQuerySet(models.QuerySet["Composition"]):
    def with_content(self) -> CompositionQuerySet:
        return self.prefetch_related("blocks__event")

    def links_unchecked(self, now: datetime) -> CompositionQuerySet:
        """Those that were written, or not looked at for a day, while their mailing can still go out."""
        can_go_out = Q(mailing__state__in=[Mailing.State.DRAFT, Mailing.State.SCHEDULED])
        long_ago = Q(links_checked_at__lt=now - CHECK_LINKS_AGAIN)
        return self.filter(Q(links_checked_at=None) | can_go_out & long_ago)


class Composition(models.Model):
    mailing = models.OneToOneField(Mailing, models.CASCADE, related_name="composition")
    subject_nl = models.CharField(_("subject in Dutch"), max_length=150, blank=True)
    # In which form the Dutch speaks to its reader; beside words that say u there may be some that say je.
    formality = models.CharField(
        _("speaks to people with"), max_length=2, choices=Formality.choices, default=Formality.U
    )
    subject_nl_je = models.CharField(_("the same subject for whom we call je"), max_length=150, blank=True)
    subject_en = models.CharField(_("subject in English"), max_length=150, blank=True)
    # Of each address in it: {"answer": links.Answer or a status code, "at": moment}.
    link_checks: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    links_checked_at = models.DateTimeField(null=True, blank=True)
    # Moves with every change of a block as well: what was made from it before is stale then.
    updated_at = models.DateTimeField(auto_now=True)
    documents = GenericRelation(TextDocument)

    objects = CompositionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(formality="u") | Q(formality="je", subject_nl_je=""),
                name="composition_second_subject_says_je",
            ),
        ]

    def __str__(self) -> str:
        return self.subject_nl or self.subject_en or str(self.mailing)

    def get_absolute_url(self) -> str:
        return reverse("composition_edit", args=[self.mailing.pk])

    def clean(self) -> None:
        if self.formality == Formality.JE and self.subject_nl_je:
            raise ValidationError({"subject_nl_je": _("The text says je already. Leave this one empty.")})

    def has_je_apart(self, blocks: Iterable[Block]) -> bool:
        return bool(self.subject_nl_je or any(block.text_nl_je for block in blocks))

    def formality_for(self, contact: Contact, blocks: Iterable[Block]) -> str:
        """In which form the whole mail speaks to them: theirs, where something was written in it."""
        apart = self.formality == Formality.U and self.has_je_apart(blocks)
        return contact.formality if apart else self.formality

    def subject(self, language: str) -> str:
        """In this language only, or in Dutch with je where that was written apart; "" for none."""
        if language == DUTCH_WITH_JE and self.subject_nl_je:
            return self.subject_nl_je
        return self.subject_en if language == "en" else self.subject_nl

    def titles(self) -> dict[str, str]:
        """For the timeline, which tells everybody in their own language."""
        return {
            "title": self.subject_nl or self.subject_en,
            "title_en": self.subject_en or self.subject_nl,
        }


class Block(models.Model):
    class Kind(models.TextChoices):
        HEADING = "heading", _("heading")
        TEXT = "text", _("text")
        BUTTON = "button", _("button")
        EVENT = "event", _("event")
        LIST = "list", _("list")

    composition = models.ForeignKey(Composition, models.CASCADE, related_name="blocks")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=7, choices=Kind.choices)
    # Words of a heading or button, Markdown of a text, one item a line of a list.
    text_nl = models.TextField(blank=True)
    text_nl_je = models.TextField(blank=True)
    text_en = models.TextField(blank=True)
    url = models.CharField(max_length=500, blank=True)
    event = models.ForeignKey(Event, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["composition", "position"], name="block_place_once"),
            models.CheckConstraint(
                condition=Q(kind__in=["heading", "text", "button", "event", "list"]), name="block_of_a_kind"
            ),
            models.CheckConstraint(
                condition=Q(kind="button") & ~Q(url="") | ~Q(kind="button") & Q(url=""),
                name="block_button_has_url",
            ),
            models.CheckConstraint(
                condition=Q(kind="event", event__isnull=False) | ~Q(kind="event") & Q(event=None),
                name="block_event_has_event",
            ),
            models.CheckConstraint(
                condition=~Q(kind="event") | Q(text_nl="", text_nl_je="", text_en=""),
                name="block_event_has_no_text",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}: {self.kind}"

    def text(self, language: str) -> str:
        """In this language only, or in Dutch with je where that was written apart; "" for none."""
        if language == DUTCH_WITH_JE and self.text_nl_je:
            return self.text_nl_je
        return self.text_en if language == "en" else self.text_nl

    def speaks(self, language: str) -> bool:
        """Whether a reader of this language gets something from it; a card has the title of its event."""
        if self.event is not None:
            return bool(self.event.title_en if language == "en" else self.event.title_nl)
        return bool(self.text(language).strip())

    def is_empty(self) -> bool:
        return not any(self.speaks(language) for language in LANGUAGES)
