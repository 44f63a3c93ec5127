"""Telling that messages went out."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone

from crm.base.happenings import About, Happening, Kind, tell_all
from engagement.mailings.models import Message


def tell_sent(
    kind: Kind, messages: Sequence[Message], things: Mapping[int, tuple[About, Mapping[str, Any]]]
) -> None:
    """One happening per message, for all in one statement.

    `things` are what they are about, and its words, by `Message.about_id`; what is gone is not told about.
    """
    now = timezone.now()
    tell_all(
        [
            Happening(kind, [one.contact_id], about=thing, words=words, at=one.sent_at or now)
            for one in messages
            if one.about_id in things
            for thing, words in [things[one.about_id]]
        ]
    )
