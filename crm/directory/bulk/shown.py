"""How a change of many reads: what it does, what came of it, how far it is."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.directory.bulk.models import BulkAction, BulkActionRow
from crm.preferences.models import Channel, Preference, Purpose

Kind, Outcome = BulkAction.Kind, BulkActionRow.Outcome


@dataclass(frozen=True)
class Progress:
    done: int
    total: int
    left: str


def sentence(action: BulkAction) -> str:
    """What it does, in words: 'Add the tag “Kennispark”'."""
    name = str(action.theme or action.name)
    if action.kind == Kind.PERMISSION:
        mail = Purpose(action.purpose).label
        words = _("May be mailed for: %(mail)s") if action.allowed else _("May not be mailed for: %(mail)s")
        return words % {"mail": mail}
    words = {
        Kind.ADD_TAG: _("Add the tag “%(name)s”"),
        Kind.REMOVE_TAG: _("Take away the tag “%(name)s”"),
        Kind.ADD_THEME: _("Add the theme “%(name)s”"),
        Kind.REMOVE_THEME: _("Take away the theme “%(name)s”"),
    }[Kind(action.kind)]
    return words % {"name": name}


def expected(action: BulkAction) -> list[tuple[str, int]]:
    """Before it starts: how many it would change, how many not and why, as things are now."""
    people = action.rows.exclude(contact=None).values("contact")
    total = action.rows.count()
    if action.kind == Kind.PERMISSION:
        said = Preference.objects.filter(contact__in=people, purpose=action.purpose, channel=Channel.EMAIL)
        same = said.filter(allowed=bool(action.allowed)).count()
        barred = said.filter(allowed=False).count() if action.allowed else 0
    else:
        mark = action.tag or action.theme
        having = mark.contacts.filter(pk__in=people).count() if mark else 0
        same = having if action.kind in {Kind.ADD_TAG, Kind.ADD_THEME} else total - having
        barred = 0
    found = [
        (_("will change"), total - same - barred),
        (str(Outcome.SAME.label), same),
        (str(Outcome.SAID_NO.label), barred),
    ]
    return [(word, number) for word, number in found if number or word == found[0][0]]


def results(action: BulkAction) -> list[tuple[str, int]]:
    """Afterwards: how many rows came to what."""
    counts = action.rows.counts()
    return [(str(outcome.label), counts[outcome]) for outcome in Outcome if counts.get(outcome)]


def progress(action: BulkAction) -> Progress:
    """How far it is, and how long it still takes at the pace so far."""
    of_all = action.rows.all()
    if action.state == BulkAction.State.UNDOING:
        of_all = of_all.filter(outcome__in=[Outcome.CHANGED, Outcome.UNDONE, Outcome.KEPT])
    total, left = of_all.count(), action.rows.waiting(action).count()
    done = total - left
    if not action.started_at or not done:
        return Progress(done, total, _("Waiting for a worker."))
    seconds = round((timezone.now() - action.started_at) / timedelta(seconds=1) / done * left) + 1
    words = ngettext("About %(seconds)d second left.", "About %(seconds)d seconds left.", seconds)
    return Progress(done, total, words % {"seconds": seconds})
