"""Agreeing on a follow-up, doing it, and taking it away; both timelines tell of it."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from crm.accounts.models import User
from crm.base.happenings import Happening, Kind, about, retell
from engagement.followups.happenings import AGREED, ASKED, DONE
from engagement.followups.models import FollowUp


@transaction.atomic
def save_follow_up(*, follow_up: FollowUp) -> FollowUp:
    """Store a new or changed one."""
    before = FollowUp.objects.filter(pk=follow_up.pk).first()
    follow_up.save()
    among = {one.contact_id for one in (before, follow_up) if one and one.contact_id}
    begun = AGREED if follow_up.created_by else ASKED
    _tell(begun, follow_up, among, at=follow_up.created_at, by=follow_up.created_by)
    if follow_up.done_at:
        _tell(DONE, follow_up, among, at=follow_up.done_at, by=follow_up.done_by)
    return follow_up


@transaction.atomic
def finish(*, follow_up: FollowUp, note: str, by: User) -> None:
    """Note that it is done, and how it went; the first one who says so counts."""
    follow_up = FollowUp.objects.select_for_update(of=("self",)).get(pk=follow_up.pk)
    if follow_up.done_at is None:
        follow_up.done_at, follow_up.done_by, follow_up.done_note = timezone.now(), by, note
        save_follow_up(follow_up=follow_up)


@transaction.atomic
def reopen(*, follow_up: FollowUp) -> None:
    """It is not done after all."""
    follow_up = FollowUp.objects.select_for_update(of=("self",)).get(pk=follow_up.pk)
    follow_up.done_at = follow_up.done_by = None
    follow_up.done_note = ""
    follow_up.save()
    retell(DONE, about(follow_up), [], among=_people(follow_up))


@transaction.atomic
def delete_follow_up(*, follow_up: FollowUp) -> None:
    """Take it away, with what the timelines tell of it."""
    here, among = about(follow_up), _people(follow_up)
    follow_up.delete()
    for kind in (AGREED, ASKED, DONE):
        retell(kind, here, [], among=among)


def _people(follow_up: FollowUp) -> set[int]:
    return {follow_up.contact_id} if follow_up.contact_id else set()


def _tell(kind: Kind, follow_up: FollowUp, among: set[int], **when: Any) -> None:
    words = {"title": follow_up.what}
    if kind is DONE and follow_up.done_note:
        words["detail"] = follow_up.done_note
    what = {"about": about(follow_up), "words": words, **when}
    told = []
    if follow_up.contact_id:
        told.append(Happening(kind, [follow_up.contact_id], **what))
    if follow_up.organisation_id and not _works_there(follow_up):
        # Its page shows the entries of its own people already.
        told.append(Happening(kind, organisation=follow_up.organisation_id, **what))
    retell(kind, about(follow_up), told, among=among)


def _works_there(follow_up: FollowUp) -> bool:
    contact = follow_up.contact
    there = follow_up.organisation_id
    return contact is not None and contact.affiliations.current().filter(organisation=there).exists()
