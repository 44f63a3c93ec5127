"""Contacts, how to reach them and what they do where."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history import register

from crm.base.bulk_rows import one_by_one
from crm.base.sectors import Sector
from crm.base.text import fold
from crm.base.tracking import History
from crm.contacts import names
from crm.contacts.formality import Formality
from crm.contacts.search_documents import SearchDocument
from crm.contacts.search_words import search_terms
from crm.organisations.models import Organisation
from crm.themes.models import Tag, Theme

# Where reading in the order of the list becomes quicker than sorting; measured by `make bench-search`.
MANY = 3000
# How many a form offers to choose from after a search.
MOST_OFFERED = 12
_LONGEST_SEARCH = 100


class FormOfAddress(models.TextChoices):
    UNKNOWN = "", _("unknown")
    MR = "heer", _("Mr (heer)")
    MS = "mevrouw", _("Ms (mevrouw)")
    NEUTRAL = "neutral", _("neutral")
    OWN = "own", _("own salutation")


class Origin(models.TextChoices):
    HAND = "hand", _("added by hand")
    IMPORT = "import", _("a spreadsheet")
    API = "api", _("another program")


class ContactQuerySet(models.QuerySet["Contact"]):
    # How many there are, or more than anybody counts, as search() learned on its way; None for not known.
    # Any further filter makes a queryset without it.
    known_count: int | None = None

    def offered(self, words: str, chosen: Iterable[int] = ()) -> ContactQuerySet:
        """Whom a form offers to choose from: those `chosen` already and those found by `words`, by name."""
        text = words[:_LONGEST_SEARCH].replace("\x00", "")
        found = self.search(text).values_list("pk", flat=True)[:MOST_OFFERED] if text.strip() else []
        return self.filter(pk__in={*chosen, *found}).order_by("sort_key", "pk")

    def search(self, text: str) -> ContactQuerySet:
        """Those in whose names, addresses or organisations every word of `text` occurs, in any order.

        It asks at once who they are. Few are named one by one and then sorted; of many, the list shows the
        first ones, and reading people in its order meets those sooner than sorting all.
        """
        terms = search_terms(text)
        if not terms:
            return self
        documents = SearchDocument.objects.using(self.db)
        people = documents.holding(terms, MANY + 1).numbers(MANY + 1)
        if not people:
            return self.none()
        if len(people) <= MANY:
            found = self.filter(pk__in=one_by_one(people, self.db))
        else:
            of_this_one = documents.filter(contact=models.OuterRef("pk"))
            found = self.filter(models.Exists(of_this_one.reading(terms)))
        found.known_count = None if self.query.where else len(people)
        return found

    def speaking_for(self, sectors: list[str]) -> ContactQuerySet:
        """Those with a current affiliation that speaks for one of these sectors."""
        current = Affiliation.objects.current().speaking_for(sectors)
        return self.filter(pk__in=current.values("contact"))

    def not_heard_since(self, date: Any) -> ContactQuerySet:
        return self.filter(Q(last_heard_on__lt=date) | Q(last_heard_on=None))

    def for_api(self) -> ContactQuerySet:
        """With all that the API tells, in a fixed number of queries."""
        return self.prefetch_related(
            "themes", "tags", "contact_points", "preferences", "affiliations__organisation"
        )

    def for_list(self) -> ContactQuerySet:
        """With all that a list row shows, in a fixed number of queries."""
        affiliations = Affiliation.objects.current().select_related("organisation")
        affiliations = affiliations.prefetch_related("organisation__sectors")
        return self.prefetch_related(
            "themes",
            "tags",
            "contact_points",
            "preferences",
            models.Prefetch("affiliations", affiliations, to_attr="current_affiliations"),  # type: ignore[no-redef]
        )


class Contact(models.Model):
    """A person. The name fields follow the Dutch convention; `names.py` puts them together."""

    given_name = models.CharField(_("given name"), max_length=100, blank=True)
    initials = models.CharField(_("initials"), max_length=30, blank=True)
    infix = models.CharField(_("infix"), max_length=30, blank=True)
    family_name = models.CharField(_("family name"), max_length=150, blank=True)
    titles_before = models.CharField(_("titles before the name"), max_length=60, blank=True)
    titles_after = models.CharField(_("titles after the name"), max_length=60, blank=True)
    form_of_address = models.CharField(
        _("form of address"), max_length=7, choices=FormOfAddress.choices, blank=True, default=""
    )
    own_salutation = models.CharField(_("own salutation"), max_length=150, blank=True)
    formality = models.CharField(
        _("formality"),
        max_length=2,
        choices=Formality.choices,
        default=Formality.U,
    )
    language = models.CharField(
        _("language"), max_length=2, choices=[("nl", _("Dutch")), ("en", _("English"))], default="nl"
    )
    themes = models.ManyToManyField(Theme, blank=True, related_name="contacts", verbose_name=_("themes"))
    tags = models.ManyToManyField(Tag, blank=True, related_name="contacts", verbose_name=_("tags"))
    # How this person came to be known here, and by which spreadsheet.
    origin = models.CharField(_("came from"), max_length=6, choices=Origin.choices, default=Origin.HAND)
    import_batch = models.ForeignKey(
        "crm.ImportBatch", models.SET_NULL, null=True, blank=True, editable=False, related_name="new_contacts"
    )
    # The last conversation that a spreadsheet told of.
    told_heard_on = models.DateField(null=True, blank=True, editable=False)
    # A facet: what other nouns know, kept by facets.keep_facets() so that a filter is one indexed query.
    last_heard_on = models.DateField(_("last heard"), null=True, blank=True)
    # The number of this person in the list that they came from; lists of different origin may share one.
    external_id = models.CharField(_("code elsewhere"), max_length=50, blank=True)
    # Derived from the names by save(); bulk writers call set_keys() themselves.
    sort_key = models.CharField(max_length=300, editable=False)
    # What namesakes share: the folded family name with its infix.
    surname_key = models.CharField(max_length=200, editable=False, default="")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ContactQuerySet.as_manager()
    # Its history goes when it goes: nothing of a deleted person stays behind.
    history = History(
        excluded_fields=[
            "import_batch",
            "last_heard_on",
            "origin",
            "sort_key",
            "surname_key",
            "told_heard_on",
            "created_at",
            "updated_at",
        ],
        cascade_delete_history=True,
    )

    # Set by for_list().
    current_affiliations: list[Affiliation]

    class Meta:
        ordering = ["sort_key", "pk"]
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        constraints = [
            models.CheckConstraint(
                condition=~Q(family_name="", given_name="", initials=""), name="contact_has_name"
            ),
            models.CheckConstraint(
                condition=~Q(form_of_address="own", own_salutation=""), name="contact_own_salutation_given"
            ),
            models.CheckConstraint(
                condition=Q(import_batch=None) | Q(origin="import"), name="contact_batch_only_of_import"
            ),
        ]
        # Not db_index: PostgreSQL would get a second one for LIKE, which nobody asks. That of last_heard_on
        # is made by migration 0008, for the place of its nulls.
        indexes = [
            models.Index(fields=["sort_key"], name="contact_by_sort_key"),
            models.Index(fields=["surname_key"], name="contact_by_surname_key"),
            models.Index(fields=["origin"], name="contact_by_origin"),
            models.Index(fields=["updated_at", "id"], name="contact_by_change"),
            models.Index(fields=["external_id"], condition=~Q(external_id=""), name="contact_external_id"),
        ]

    def __str__(self) -> str:
        return names.full_name(self)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.set_keys()
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("contact_detail", args=[self.pk])

    def set_keys(self) -> None:
        self.sort_key = fold(names.sort_name(self))[:300]
        self.surname_key = names.surname_key(self.infix, self.family_name, self.given_name)[:200]

    def email(self) -> str:
        """The address that mail goes to: preferred, else the oldest usable one; "" when there is none."""
        points = [
            p for p in self.contact_points.all() if p.kind == ContactPoint.Kind.EMAIL and p.state == "ok"
        ]
        best = min(points, key=lambda p: (not p.preferred, p.pk), default=None)
        return best.value if best else ""


# The rows in between have a history of their own; they are written by crm.base.tracking.set_links().
register(Contact.themes.through, app="crm", records_class=History, no_db_index=["theme"])
register(Contact.tags.through, app="crm", records_class=History, no_db_index=["tag"])


class ContactPointQuerySet(models.QuerySet["ContactPoint"]):
    def mailable(self) -> ContactPointQuerySet:
        """E-mail addresses that take mail, as far as is known."""
        return self.filter(kind="email", state="ok")

    def dead_ends(self) -> ContactPointQuerySet:
        """Addresses that mail came back from, of people who have no other one."""
        usable = self.model.objects.mailable().filter(contact=models.OuterRef("contact"))
        bounced = self.filter(kind="email", state="bounced")
        return bounced.filter(~models.Exists(usable))

    def dead(self) -> ContactPointQuerySet:
        """E-mail addresses that mail came back from, or whose reader reported it."""
        return self.filter(kind="email").exclude(state="ok")


class ContactPoint(models.Model):
    """An address or number. It may be shared by several people, so it is not unique by itself."""

    class Kind(models.TextChoices):
        EMAIL = "email", _("e-mail")
        MOBILE = "mobile", _("mobile")
        PHONE = "phone", _("telephone")

    class State(models.TextChoices):
        OK = "ok", _("usable")
        BOUNCED = "bounced", _("address does not exist any more")
        COMPLAINED = "complained", _("reported our mail as unwanted")

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="contact_points")
    kind = models.CharField(_("kind"), max_length=6, choices=Kind.choices)
    # E-mail in lower case; telephone numbers in E.164 ("+31534890000").
    value = models.CharField(_("value"), max_length=254)
    preferred = models.BooleanField(_("preferred"), default=False)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OK)

    objects = ContactPointQuerySet.as_manager()
    history = History()

    class Meta:
        ordering = ["kind", "-preferred", "pk"]
        indexes = [models.Index(fields=["value"], name="contact_point_by_value")]
        constraints = [
            models.UniqueConstraint(fields=["contact", "kind", "value"], name="contact_point_once"),
            models.UniqueConstraint(
                fields=["contact", "kind"], condition=Q(preferred=True), name="contact_point_one_preferred"
            ),
            models.CheckConstraint(condition=~Q(value=""), name="contact_point_has_value"),
        ]

    def __str__(self) -> str:
        return self.value


class AffiliationQuerySet(models.QuerySet["Affiliation"]):
    def current(self) -> AffiliationQuerySet:
        return self.filter(ended_on=None)

    def speaking_for(self, sectors: list[str]) -> AffiliationQuerySet:
        """Those that speak for one of `sectors`: their own sector, else any of the organisation's."""
        own = Q(sector__in=sectors)
        inherited = Q(sector="", organisation__sectors__sector__in=sectors)
        return self.filter(own | inherited)


class Affiliation(models.Model):
    """What a contact does at an organisation; several at once, with dates."""

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="affiliations")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="affiliations", verbose_name=_("organisation")
    )
    job_title = models.CharField(_("job title"), max_length=150, blank=True)
    department = models.CharField(_("department"), max_length=150, blank=True)
    # "" means: whatever the organisation is.
    sector = models.CharField(_("speaks for"), max_length=13, choices=Sector.choices, blank=True)
    started_on = models.DateField(_("from"), null=True, blank=True)
    ended_on = models.DateField(_("to"), null=True, blank=True)

    # What somebody does there in plain words: forms, imports, history and pages go by this list.
    TEXTS = ("job_title", "department")

    objects = AffiliationQuerySet.as_manager()
    history = History(no_db_index=["organisation"])

    class Meta:
        ordering = ["ended_on", "-started_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["contact", "organisation"],
                condition=Q(ended_on=None),
                name="affiliation_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(started_on=None) | Q(ended_on__gte=models.F("started_on")),
                name="affiliation_dates_in_order",
            ),
            models.CheckConstraint(
                condition=Q(sector__in=["", *Sector.values]), name="affiliation_sector_known"
            ),
        ]

    def __str__(self) -> str:
        return ", ".join([*self.texts(), str(self.organisation)])

    @classmethod
    def text_fields(cls) -> list[models.CharField[str, str]]:
        """The fields that TEXTS names."""
        return [field for field in cls._meta.concrete_fields if field.name in cls.TEXTS]  # type: ignore[misc]

    def texts(self) -> list[str]:
        """Those of TEXTS that are known."""
        return [text for name in self.TEXTS if (text := getattr(self, name))]

    def with_dates(self) -> str:
        """With from and to as far as known: "director, Saxion (2019-01-01 – 2021-06-30)"."""
        if not (self.started_on or self.ended_on):
            return str(self)
        return f"{self} ({self.started_on or ''} – {self.ended_on or ''})"

    def sector_list(self) -> list[str]:
        """The sectors it speaks for: its own, else those of the organisation."""
        return [self.sector] if self.sector else self.organisation.sector_list()

    def only_sector(self) -> str:
        """The one sector it speaks for, "" when there are several or none."""
        codes = self.sector_list()
        return codes[0] if len(codes) == 1 else ""
