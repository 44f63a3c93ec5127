"""Writing a mailing, and looking after its links."""

import time
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from crm.accounts.models import User
from crm.base.doorbell import ring
from crm.texts.services import keep_texts
from engagement.audiences.parts import Audience
from engagement.audiences.services import choose
from engagement.compositions import checks, links
from engagement.compositions.models import Block, Composition
from engagement.mailings.models import Mailing, Message
from engagement.mailings.services import MailingNotReady

State = Mailing.State
_WORDS = ("subject_nl", "formality", "subject_nl_je", "subject_en")
_LONG_ENOUGH = 20  # seconds of following links
# What an earlier text may have gone out with.
_GONE_OUT = (
    Message.State.HANDING_OVER,
    Message.State.SENT,
    Message.State.UNCERTAIN,
    Message.State.BOUNCED,
)


class NothingToChange(Exception):
    """The mailing was stopped, or everybody has it already."""


@transaction.atomic
def start(*, kind: str, title: str, by: User, audience: Audience | None = None) -> Composition:
    """A new draft of one of the kinds that somebody writes; it is about itself. Raises BrokenSelection."""
    mailing = Mailing.objects.create(kind=kind, about_id=0, title=title, created_by=by)
    mailing.about_id = mailing.pk
    mailing.save(update_fields=["about_id"])
    if audience:
        choose(mailing=mailing, audience=audience)
    composition = Composition.objects.create(mailing=mailing)
    keep_texts(Composition, [composition.pk])
    return composition


@transaction.atomic
def copy(*, composition: Composition, by: User) -> Composition:
    """A new draft with the same words; who gets it is chosen anew."""
    mailing = composition.mailing
    title = gettext("Copy of %(title)s") % {"title": mailing.title}
    made = start(kind=mailing.kind, title=title[:200], by=by)
    for name in _WORDS:
        setattr(made, name, getattr(composition, name))
    blocks = list(composition.blocks.all())
    for block in blocks:
        block.pk = None
    return save(composition=made, blocks=blocks)


@transaction.atomic
def save(*, composition: Composition, blocks: Sequence[Block]) -> Composition:
    """Store the subjects and these blocks, in this order, instead of those there were.

    Raises NothingToChange; and MailingNotReady when it is being sent and could not be with these words.
    """
    mailing = Mailing.objects.select_for_update().get(pk=composition.mailing.pk)
    if not may_change(mailing):
        raise NothingToChange
    composition.links_checked_at = None
    composition.save(update_fields=[*_WORDS, "links_checked_at", "updated_at"])
    composition.blocks.all().delete()
    for position, block in enumerate(blocks, start=1):
        block.composition, block.position = composition, position
    Block.objects.bulk_create(blocks)
    keep_texts(Composition, [composition.pk])
    running = mailing.state in (State.SENDING, State.PAUSED)
    if running and (problems := checks.problems(mailing)):
        raise MailingNotReady(problems)
    ring(links.TASK)
    return composition


def may_change(mailing: Mailing) -> bool:
    """Whether a change of the words would still reach anybody."""
    if mailing.state in (State.DRAFT, State.SCHEDULED):
        return True
    held = mailing.messages.filter(state=Message.State.CLAIMED)
    on_its_way = mailing.messages.waiting().exists() or held.exists()
    return mailing.state in (State.SENDING, State.PAUSED) and on_its_way


def already_out(mailing: Mailing) -> int:
    """How many have the words as they were before a change now."""
    return mailing.messages.filter(state__in=_GONE_OUT).count()


def check_links(*, now: datetime | None = None) -> int:
    """Ask the links of what was written since the last look; return how many compositions that were.

    Harmless when run twice. No network call happens inside a transaction, so somebody may save meanwhile:
    then the answers are about other words, and the next run asks again. After a while it rings for the rest,
    so that the same worker also gets to sending.
    """
    moment, until = now or timezone.now(), time.monotonic() + _LONG_ENOUGH
    due = list(Composition.objects.links_unchecked(moment).with_content().order_by("pk"))
    for number, composition in enumerate(due):
        if time.monotonic() > until:
            ring(links.TASK)
            return number
        urls = [url for block in composition.blocks.all() for url in checks.addresses_in(block)]
        found = {
            url: {"answer": answer, "at": moment.isoformat()}
            for url, answer in links.answers_of(urls).items()
        }
        same = Composition.objects.filter(pk=composition.pk, updated_at=composition.updated_at)
        same.update(link_checks=found, links_checked_at=moment)
    return len(due)
