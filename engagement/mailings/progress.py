"""How far a mailing is, how long it takes still, and what holds it up."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.preferences.models import Purpose
from engagement.mailings import throttle
from engagement.mailings.kinds import KINDS
from engagement.mailings.models import Mailing, Message

# How fast it goes is seen from what went out in these last minutes.
SEEN_OVER = timedelta(minutes=2)


@dataclass(frozen=True)
class Counts:
    """Messages per state, of which `done` need nothing more; `lately` went out in the last minutes."""

    states: dict[str, int]
    lately: int

    @property
    def total(self) -> int:
        return sum(self.states.values())

    @property
    def left(self) -> int:
        return sum(self.states[state] for state in Message.UNFINISHED)

    @property
    def done(self) -> int:
        return self.total - self.left

    @property
    def delivered(self) -> int:
        """Taken by the mail server, and it did not come back."""
        return self.states["sent"]


def counts_of(mailing: Mailing, *, now: datetime | None = None) -> Counts:
    """Numbers per state of the mailing's messages, in one query."""
    since = (now or timezone.now()) - SEEN_OVER
    lately = Count("pk", filter=Q(sent_at__gt=since))
    rows = mailing.messages.order_by().values_list("state").annotate(number=Count("pk"), lately=lately)
    found = {state: (number, recent) for state, number, recent in rows}
    states = {state.value: found.get(state.value, (0, 0))[0] for state in Message.State}
    return Counts(states, sum(recent for _number, recent in found.values()))


@dataclass(frozen=True)
class Forecast:
    """`time_left` is None while nobody can say; `held_by` says what holds the rest up, "" for nothing."""

    time_left: timedelta | None = None
    held_by: str = ""

    def words(self) -> str:
        """ "about 4 minutes more", "" while nobody can say."""
        if self.time_left is None:
            return ""
        minutes = round(self.time_left.total_seconds() / 60)
        if minutes < 1:
            return _("less than a minute more")
        if minutes < 90:
            return ngettext("about %(n)s minute more", "about %(n)s minutes more", minutes) % {"n": minutes}
        hours = round(minutes / 60)
        return ngettext("about %(n)s hour more", "about %(n)s hours more", hours) % {"n": hours}


def forecast_of(mailing: Mailing, counts: Counts, *, now: datetime | None = None) -> Forecast:
    """How long the rest takes, from what went out in the last minutes and from the limits in the settings."""
    moment = now or timezone.now()
    if mailing.state != Mailing.State.SENDING or not counts.left:
        return Forecast()
    if KINDS[mailing.kind].purpose != Purpose.SERVICE and (until := throttle.quiet_until(moment)):
        clock = date_format(timezone.localtime(until), "TIME_FORMAT")
        words = _("No mail goes out in the quiet hours; it goes on at %(time)s.")
        return Forecast(held_by=words % {"time": clock})
    if throttle.left_today(moment) <= 0:
        return Forecast(held_by=_("The most messages of a day have gone out; it goes on tomorrow."))
    return _by_speed(mailing, counts, moment)


def _by_speed(mailing: Mailing, counts: Counts, now: datetime) -> Forecast:
    """The slower of what was seen and what is allowed."""
    watched = min(SEEN_OVER, max(now - (mailing.sent_at or now), timedelta(seconds=1)))
    seen = watched * (counts.left / counts.lately) if counts.lately else None
    allowed, limit = _by_limits(mailing, counts)
    known = [time for time in (seen, allowed) if time is not None]
    held = allowed is not None and allowed >= max(known)
    return Forecast(max(known, default=None), limit if held else "")


def _by_limits(mailing: Mailing, counts: Counts) -> tuple[timedelta | None, str]:
    """What the limits a minute make of the rest, and the one that makes it longest in words."""
    rates = throttle.rates()
    if not rates:
        return None, ""
    waiting = mailing.messages.filter(state__in=Message.UNFINISHED, domain__in=rates).order_by()
    left = dict(waiting.values_list("domain").annotate(Count("pk"))) | {throttle.ALL: counts.left}
    slowest = max(((left[name] / rate, name) for name, rate in rates.items() if name in left), default=None)
    if slowest is None:
        return None, ""
    minutes, name = slowest
    words = _("No more than %(rate)s a minute may go out.")
    if name != throttle.ALL:
        words = _("No more than %(rate)s a minute may go to %(domain)s.")
    return timedelta(minutes=minutes), words % {"rate": f"{rates[name]:g}", "domain": name}
