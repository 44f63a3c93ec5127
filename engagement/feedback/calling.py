"""Being called by whoever told somebody what became of their words."""

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from crm.accounts.models import User
from engagement.feedback.models import Feedback
from engagement.followups.models import FollowUp
from engagement.followups.services import delete_follow_up, save_follow_up
from engagement.statements.models import Speaker, Statement, Writeup

# Who asks to be called does not wait for a week.
_WITHIN = timedelta(days=3)


def callers(speaker: Speaker, statements: Iterable[Statement]) -> dict[int, User]:
    """By the keys of their statements: who told them last, else who took the sentence down; no key where both
    are gone.
    """
    told = Feedback.objects.filter(writeup=speaker.writeup_id, contact=speaker.contact_id)
    last = told.filter(sent_by__is_active=True).select_related("sent_by").last()
    found = {one.pk: last.sent_by if last else one.created_by for one in statements}
    return {key: user for key, user in found.items() if user.is_active}


@transaction.atomic
def ask_for_call(*, speaker: Speaker, statement: int, phone: str = "") -> FollowUp | None:
    """Let a colleague call about this statement, by its key, on `phone` where we know no number.

    None for what they did not say there. Of two clicks the second one finds what the first one asked.
    """
    Writeup.objects.select_for_update().get(pk=speaker.writeup_id)
    said = speaker.statements.linkable().select_related("created_by").filter(pk=statement).first()
    owner = callers(speaker, [said]).get(said.pk) if said else None
    if speaker.contact is None or owner is None:
        return None
    if there := FollowUp.objects.asked_by(speaker.contact).filter(statement=said).first():
        return there
    with translation.override(owner.language):
        words = _("Call back on %(phone)s about what became of their words")
        what = words % {"phone": phone} if phone else _("Call back about what became of their words")
    return save_follow_up(
        follow_up=FollowUp(
            what=what,
            owner=owner,
            due_on=timezone.localdate() + _WITHIN,
            contact=speaker.contact,
            writeup_id=speaker.writeup_id,
            statement=said,
        )
    )


@transaction.atomic
def call_off(*, speaker: Speaker, statement: int) -> None:
    """They need no call about this statement any more."""
    if speaker.contact is not None:
        for asked in FollowUp.objects.asked_by(speaker.contact).filter(statement=statement):
            delete_follow_up(follow_up=asked)
