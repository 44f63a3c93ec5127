"""What the page of a mailing calls its audience: the words follow what became of it."""

from typing import NamedTuple

from django.utils.translation import gettext as _

from engagement.mailings.models import Mailing
from engagement.mailings.progress import Counts


class AudienceWords(NamedTuple):
    """For the two numbers, and for the heading above either list."""

    included: str
    skipped: str
    who_is_included: str
    who_is_skipped: str


def words_about(mailing: Mailing, counts: Counts, included: int) -> AudienceWords:
    """Before, while and after it goes out; "got it" is only said when all `included` have it."""
    if mailing.is_open:
        return AudienceWords(
            _("will get it"),
            _("will be skipped"),
            _("Who will get it, and why"),
            _("Who will be skipped, and why"),
        )
    whom, heading = _of_those_chosen(mailing, counts, included)
    return AudienceWords(whom, _("were skipped"), heading, _("Who was skipped, and why"))


def _of_those_chosen(mailing: Mailing, counts: Counts, included: int) -> tuple[str, str]:
    if counts.left and mailing.state != Mailing.State.STOPPED:
        return _("get it"), _("Who gets it, and why")
    if counts.delivered >= included:
        return _("got it"), _("Who got it, and why")
    return _("were to get it"), _("Who was to get it, and why")
