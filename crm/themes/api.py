"""Tags for other programs."""

from typing import Any

from django.core.exceptions import ValidationError
from rest_framework import serializers

from crm.base.text import fold
from crm.themes.forms import MOST_TAGS
from crm.themes.models import checked_tag


class TagNames(serializers.ListField):
    """The names of the tags; one that is not known yet makes a new tag."""

    child = serializers.CharField()

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=MOST_TAGS, **kwargs)

    def to_internal_value(self, data: Any) -> list[str]:
        try:
            names = [checked_tag(name) for name in super().to_internal_value(data)]
        except ValidationError as error:
            raise serializers.ValidationError(error.messages) from error
        return list({fold(name): name for name in names}.values())

    def to_representation(self, tags: Any) -> list[str]:
        return [tag.name for tag in tags.all()]
