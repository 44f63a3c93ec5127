"""What was said: the notes of a conversation or session, who spoke, and the statements taken from it."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.functions import Coalesce, NullIf
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.accounts.models import User
from crm.base.sectors import Sector
from crm.contacts.models import Contact
from crm.imports.models import ImportRow
from crm.organisations.models import Organisation
from crm.texts.models import TextDocument
from engagement.codes.models import Code
from engagement.statements import sources


class WriteupQuerySet(models.QuerySet["Writeup"]):
    def readable_by(self, user: User) -> WriteupQuerySet:
        """Those whose notes this member of the team may read; a confidential one is for its interviewers."""
        trusted = Writeup.trusted.through.objects.filter(user=user).values("writeup")
        return self.filter(Q(confidential=False) | Q(pk__in=trusted))


class Writeup(models.Model):
    """The notes of one interview or session.

    `text` is in NFC with LF as its only line break; places in it are counted in code points. `revision` goes
    up with every change of it.
    """

    text = models.TextField(blank=True)
    revision = models.PositiveIntegerField(default=0)
    confidential = models.BooleanField(gettext_lazy("only for who held the conversation"), default=False)
    # Who may read it also when it is confidential.
    trusted = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField(auto_now=True)
    documents = GenericRelation(TextDocument)

    objects = WriteupQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("notes")
        verbose_name_plural = gettext_lazy("notes")

    def __str__(self) -> str:
        return str(self.source or self._meta.verbose_name)

    def get_absolute_url(self) -> str:
        return self.source.get_absolute_url() if self.source else reverse("capture", args=[self.pk])

    @property
    def source(self) -> Any:
        """The interview or session that was written up."""
        return sources.source_of(self)

    def is_readable_by(self, user: User) -> bool:
        return not self.confidential or self.trusted.filter(pk=user.pk).exists()


class WriteupVersion(models.Model):
    """The notes as they were before a change; kept for a while, since notes hold names."""

    writeup = models.ForeignKey(Writeup, models.CASCADE, related_name="versions")
    revision = models.PositiveIntegerField()
    text = models.TextField(blank=True)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        ordering = ["-revision"]
        constraints = [
            models.UniqueConstraint(fields=["writeup", "revision"], name="writeup_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.writeup_id}, {self.revision}"


class Speaker(models.Model):
    """Somebody who spoke, with function, organisation and O as of then; or a table, of which we know less."""

    writeup = models.ForeignKey(Writeup, models.CASCADE, related_name="speakers")
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, blank=True, related_name="spoke")
    label = models.CharField(gettext_lazy("called"), max_length=100, blank=True)
    job_title = models.CharField(gettext_lazy("function then"), max_length=150, blank=True)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="spoke"
    )
    sector = models.CharField(gettext_lazy("O"), max_length=13, choices=Sector.choices, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = gettext_lazy("speaker")
        verbose_name_plural = gettext_lazy("speakers")
        constraints = [
            models.UniqueConstraint(fields=["writeup", "contact"], name="speaker_once"),
            models.CheckConstraint(
                condition=Q(contact__isnull=False) | ~Q(label=""), name="speaker_is_called_something"
            ),
        ]

    def __str__(self) -> str:
        return str(self.contact) if self.contact else self.label

    def get_absolute_url(self) -> str:
        return self.writeup.get_absolute_url()

    @property
    def is_given_away(self) -> bool:
        """Whether the organisation says who it was, since we know nobody else there now."""
        if self.organisation is None:
            return False
        return not self.organisation.affiliations.current().exclude(contact=self.contact_id).exists()


class Stance(models.TextChoices):
    """In the order of the keys 1 to 4."""

    OPPORTUNITY = "opportunity", gettext_lazy("opportunity")
    CONCERN = "concern", gettext_lazy("concern")
    WISH = "wish", gettext_lazy("wish")
    IDEA = "idea", gettext_lazy("idea")


class Aspect(models.TextChoices):
    HARDWARE = "hardware", gettext_lazy("hardware")
    SOFTWARE = "software", gettext_lazy("software")


class Visibility(models.TextChoices):
    """What is shown of who said it; from most to least."""

    NAMED = "named", gettext_lazy("by name")
    ORGANISATION = "organisation", gettext_lazy("organisation only")
    SECTOR = "sector", gettext_lazy("O only")
    TEAM = "team", gettext_lazy("core team only")


class Anchor(models.TextChoices):
    """How a statement hangs on the notes."""

    IN_PLACE = "in place", gettext_lazy("stands in the notes")
    CHANGED = "changed", gettext_lazy("its words were changed in the notes")
    GONE = "gone", gettext_lazy("its words are gone from the notes")
    LOOSE = "loose", gettext_lazy("does not hang on the notes")


class Approval(models.TextChoices):
    """How far who said it is with agreeing to the words that we use."""

    APPROVED = "approved", gettext_lazy("approved")
    WAITING = "waiting", gettext_lazy("not approved yet")
    PROPOSED = "proposed", gettext_lazy("own words wait for us")
    WITHDRAWN = "withdrawn", gettext_lazy("withdrawn")


class StatementQuerySet(models.QuerySet["Statement"]):
    def in_doubt(self) -> StatementQuerySet:
        """Those of which somebody has to say what their words are."""
        return self.filter(anchor__in=[Anchor.CHANGED, Anchor.GONE])

    def releasable(self) -> StatementQuerySet:
        """Those that may leave the core team: not kept in it by us or by who said them, and not withdrawn."""
        closed = Q(kind=Response.Kind.WITHDRAWN) | Q(visibility=Visibility.TEAM)
        return self.exclude(visibility=Visibility.TEAM).filter(~Exists(_answers().filter(closed)))

    def withdrawn(self) -> StatementQuerySet:
        return self.filter(Exists(_answers().filter(kind=Response.Kind.WITHDRAWN)))

    def linkable(self) -> StatementQuerySet:
        """Those that the strategy may rest on: all but those that were withdrawn. What is kept in the core
        team may be linked as well; no figure counts it and no page outside shows it.
        """
        return self.filter(~Exists(_answers().filter(kind=Response.Kind.WITHDRAWN)))

    def approved(self) -> StatementQuerySet:
        """Those of which who said them agreed to the words that we use now; see Statement.is_approved."""
        return self.filter(_agreed())

    def unanswered(self) -> StatementQuerySet:
        """Those of which a known speaker has neither agreed to our words of now nor withdrawn them."""
        gone = Exists(_answers().filter(kind=Response.Kind.WITHDRAWN))
        return self.filter(~gone & ~_agreed(), speaker__isnull=False)

    def in_approval(self, state: str) -> StatementQuerySet:
        """Those of which Statement.approval is `state`."""
        corrected = Exists(_answers().filter(kind=Response.Kind.CORRECTED, statement=OuterRef("pk")))
        if state == Approval.APPROVED:
            return self.approved()
        if state == Approval.WITHDRAWN:
            return self.withdrawn()
        return self.unanswered().filter(corrected if state == Approval.PROPOSED else ~corrected)


def _agreed() -> Exists:
    words = Coalesce(NullIf(OuterRef("wording"), Value("")), OuterRef("passage"))
    return Exists(_answers().filter(words=words).exclude(kind=Response.Kind.WITHDRAWN))


def _answers() -> models.QuerySet[Response]:
    """The answer that counts of each statement, for a subquery."""
    return Response.objects.filter(pk=OuterRef("latest_response"), speaker=OuterRef("speaker"))


class Statement(models.Model):
    """Something that was said: a passage, kept literally, and who said it.

    `start` and `end` are code points of the text of the notes, half-open. While the statement is in place,
    `writeup.text[start:end] == passage`. The device that makes it chooses its `uuid`; `version` goes up with
    every change of it.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    version = models.PositiveIntegerField(default=1)
    writeup = models.ForeignKey(Writeup, models.PROTECT, null=True, blank=True, related_name="statements")
    start = models.PositiveIntegerField(null=True, blank=True)
    end = models.PositiveIntegerField(null=True, blank=True)
    passage = models.TextField(gettext_lazy("literally"), blank=True)
    anchor = models.CharField(max_length=8, choices=Anchor.choices, default=Anchor.LOOSE)
    wording = models.TextField(gettext_lazy("in our words"), max_length=2000, blank=True)
    speaker = models.ForeignKey(
        Speaker,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="statements",
        verbose_name=gettext_lazy("said by"),
    )
    # Where it came from when it was taken from no notes.
    origin = models.CharField(gettext_lazy("comes from"), max_length=200, blank=True)
    # What it is called there, so that it is known when it comes in once more.
    external_id = models.CharField(gettext_lazy("code elsewhere"), max_length=50, blank=True)
    # The row of a spreadsheet that brought it in, as long as that is kept.
    import_row = models.ForeignKey(
        ImportRow, models.SET_NULL, null=True, blank=True, editable=False, related_name="statements"
    )
    stance = models.CharField(gettext_lazy("kind"), max_length=11, choices=Stance.choices, blank=True)
    aspect = models.CharField(gettext_lazy("aspect"), max_length=8, choices=Aspect.choices, blank=True)
    visibility = models.CharField(
        gettext_lazy("shown"), max_length=12, choices=Visibility.choices, default=Visibility.NAMED
    )
    # The last answer of a speaker; it counts as long as the same one is the speaker. See `answer`.
    latest_response = models.ForeignKey(
        "Response", models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    codes = models.ManyToManyField(Code, through="StatementCode", related_name="statements")
    split_from = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="parts")
    # Said by others too, in other words; never merged.
    alike = models.ManyToManyField("self", blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    documents = GenericRelation(TextDocument)

    objects = StatementQuerySet.as_manager()

    class Meta:
        ordering = ["writeup", "start", "pk"]
        verbose_name = gettext_lazy("statement")
        verbose_name_plural = gettext_lazy("statements")
        indexes = [
            models.Index(fields=["external_id"], condition=~Q(external_id=""), name="statement_external_id"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(anchor="loose", start=None, end=None)
                | ~Q(anchor="loose") & Q(writeup__isnull=False, start__isnull=False, end__gte=F("start")),
                name="statement_hangs_on_notes_or_not",
            ),
            models.CheckConstraint(condition=~Q(passage="", wording=""), name="statement_says_something"),
            models.CheckConstraint(
                condition=Q(speaker=None) | Q(writeup__isnull=False), name="statement_speaker_has_notes"
            ),
        ]

    def __str__(self) -> str:
        return self.words

    def get_absolute_url(self) -> str:
        return reverse("statement_detail", args=[self.pk])

    @property
    def words(self) -> str:
        """As we say it: our wording, else the passage itself."""
        return self.wording or self.passage

    @property
    def is_literal(self) -> bool:
        """Whether `words` are what was said, word for word."""
        return bool(self.passage) and self.wording in ("", self.passage)

    @property
    def answer(self) -> Response | None:
        """What who said it last answered about it; None where they did not, or it is of somebody else now."""
        answer = self.latest_response
        return answer if answer and answer.speaker_id == self.speaker_id else None

    @property
    def is_withdrawn(self) -> bool:
        return self.answer is not None and self.answer.kind == Response.Kind.WITHDRAWN

    @property
    def is_approved(self) -> bool:
        """Whether who said it agreed to the words that we use now: other words let the approval lapse."""
        return self.answer is not None and not self.is_withdrawn and self.answer.words == self.words

    @property
    def approval(self) -> str:
        """An Approval; "" where nobody is known to have said it."""
        if self.speaker_id is None:
            return ""
        if self.is_withdrawn:
            return Approval.WITHDRAWN
        if self.is_approved:
            return Approval.APPROVED
        return Approval.PROPOSED if self.proposal else Approval.WAITING

    @property
    def proposal(self) -> str:
        """The words that who said it would rather have, "" where these are ours; of a part that was split off
        they are those of the other one.
        """
        answer = self.answer
        if answer is None or answer.kind != Response.Kind.CORRECTED or answer.statement_id != self.pk:
            return ""
        return "" if self.is_approved else answer.words

    @property
    def is_quoted(self) -> bool:
        """Whether quotation marks may stand around `words`."""
        return self.is_literal or self.is_approved

    @property
    def allowed(self) -> str:
        """What may be shown of who said it: the least of what we and they chose."""
        chosen = [self.visibility, *([self.answer.visibility] if self.answer else [])]
        return max(chosen, key=Visibility.values.index)

    def get_allowed_display(self) -> str:
        return str(Visibility(self.allowed).label)

    @property
    def now(self) -> str:
        """What stands in the notes where its passage stood."""
        return self.writeup.text[self.start : self.end] if self.writeup else ""

    def clean(self) -> None:
        if self.speaker and self.speaker.writeup_id != self.writeup_id:
            raise ValidationError({"speaker": _("This person did not speak here.")})


class Response(models.Model):
    """What a speaker answered about the words of a statement. Rows are only added, never changed.

    `shown` are the words they were asked about, `words` those they agree to: their own ones when they
    corrected ours. `recorded_by` is who of the team wrote down what they said on the day `spoken_on`; None
    where they answered by their link.
    """

    class Kind(models.TextChoices):
        APPROVED = "approved", gettext_lazy("agreed")
        CORRECTED = "corrected", gettext_lazy("said it in other words")
        WITHDRAWN = "withdrawn", gettext_lazy("does not want it used")

    statement = models.ForeignKey(Statement, models.PROTECT, related_name="responses")
    speaker = models.ForeignKey(Speaker, models.PROTECT, related_name="responses")
    kind = models.CharField(max_length=9, choices=Kind.choices)
    shown = models.TextField()
    words = models.TextField()
    visibility = models.CharField(max_length=12, choices=Visibility.choices)
    at = models.DateTimeField(auto_now_add=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    spoken_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = gettext_lazy("answer of a speaker")
        verbose_name_plural = gettext_lazy("answers of speakers")
        constraints = [
            models.CheckConstraint(condition=~Q(words="") & ~Q(shown=""), name="response_is_about_words"),
            models.CheckConstraint(
                condition=Q(kind="corrected") | Q(words=F("shown")), name="response_own_words_correct_ours"
            ),
            models.CheckConstraint(
                condition=Q(recorded_by=None, spoken_on=None)
                | Q(recorded_by__isnull=False, spoken_on__isnull=False),
                name="response_spoken_was_recorded",
            ),
        ]

    def __str__(self) -> str:
        return str(self.Kind(self.kind).label)


class StatementCode(models.Model):
    statement = models.ForeignKey(Statement, models.CASCADE, related_name="coded")
    code = models.ForeignKey(Code, models.PROTECT, related_name="coded")
    coder = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["statement", "code"], name="statement_code_once")]

    def __str__(self) -> str:
        return str(self.code)
