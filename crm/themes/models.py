"""Themes of the area strategy, and tags: free words of the team."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from crm.base.text import fold
from crm.themes.said import HAS_COMMA, NO_LETTERS, TOO_LONG

# Folding makes some letters longer ("ﷺ" becomes 18), hence the room in the key.
LONGEST_TAG, LONGEST_KEY = 50, 200


class Theme(models.Model):
    slug = models.SlugField(gettext_lazy("word in addresses"), unique=True)
    name_nl = models.CharField(gettext_lazy("Dutch name"), max_length=100, unique=True)
    name_en = models.CharField(gettext_lazy("English name"), max_length=100)
    position = models.PositiveSmallIntegerField(gettext_lazy("place in the list"), default=0)

    class Meta:
        ordering = ["position", "slug"]
        verbose_name = gettext_lazy("theme")
        verbose_name_plural = gettext_lazy("themes")

    def __str__(self) -> str:
        return self.name_en if (get_language() or "nl").startswith("en") else self.name_nl


class Tag(models.Model):
    """Two that differ in capitals, accents or spaces only are one."""

    name = models.CharField(gettext_lazy("name"), max_length=LONGEST_TAG)
    key = models.CharField(max_length=LONGEST_KEY, editable=False)

    class Meta:
        ordering = ["key", "pk"]
        verbose_name = gettext_lazy("tag")
        verbose_name_plural = gettext_lazy("tags")
        constraints = [
            models.UniqueConstraint(fields=["key"], name="tag_once"),
            models.CheckConstraint(condition=~Q(key=""), name="tag_has_name"),
            models.CheckConstraint(condition=~Q(name__contains=","), name="tag_without_comma"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.key = fold(self.name)
        super().save(*args, **kwargs)

    def clean(self) -> None:
        """Refuse what is no tag, or another one spelled differently."""
        self.name = checked_tag(self.name)
        same = Tag.objects.filter(key=fold(self.name)).exclude(pk=self.pk).first()
        if same:
            raise ValidationError({"name": _("“%(name)s” is there already.") % {"name": same}})


def checked_tag(text: str) -> str:
    """`text` as the name of a tag, with single spaces; ValidationError in words when it cannot be one."""
    name = " ".join(text.split())
    if "," in name:
        raise HAS_COMMA.invalid()
    if len(name) > LONGEST_TAG or len(fold(name)) > LONGEST_KEY:
        raise TOO_LONG.invalid(name=name[:20], most=LONGEST_TAG)
    if not fold(name) or "\x00" in name:
        raise NO_LETTERS.invalid(name=name.replace("\x00", ""))
    return name
