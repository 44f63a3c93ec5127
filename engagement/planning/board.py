"""Whom to interview next: the planned conversations, by what each adds to what was heard."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.db.models import Count, Q
from django.utils import timezone

from crm.accounts.models import User
from crm.base.sectors import Sector
from crm.contacts.models import Contact
from crm.themes.models import Theme
from engagement.briefings.overview import overview
from engagement.interviews.models import Interview
from engagement.mailings.checks import had_lately

State = Interview.State


@dataclass(frozen=True)
class Gap:
    """Of how many organisations of an O that a theme concerns nobody spoke on it yet."""

    sector: Sector
    theme: Theme
    heard: int
    missing: int

    @property
    def order(self) -> tuple[bool, float, int]:
        """Where nobody was heard comes first, then the smallest share."""
        return self.heard > 0, self.heard / (self.heard + self.missing), -self.missing


@dataclass(frozen=True)
class Row:
    """A planned conversation; `gap` is the one that it makes smaller, None where nothing is missing, `mails`
    how many its people had lately.
    """

    interview: Interview
    sectors: Sequence[Sector]
    gap: Gap | None
    mails: int

    @property
    def people(self) -> list[Contact]:
        return list(self.interview.contacts.all())

    @property
    def has_theme(self) -> bool:
        return bool(_themes(self.interview))

    @property
    def last_heard(self) -> date | None:
        return max((one.last_heard_on for one in self.people if one.last_heard_on), default=None)

    @property
    def dead_ends(self) -> list[tuple[Contact, str]]:
        """Who has no address that works, each with a number to call, "" for none."""
        found = []
        for person in self.people:
            points = list(person.contact_points.all())
            if any(one.kind == "email" for one in points) and not person.email():
                found.append((person, next((one.value for one in points if one.kind != "email"), "")))
        return found


@dataclass(frozen=True)
class Load:
    """What somebody of the team has to do: conversations without a day, with one, and held this quarter."""

    user: User
    open: int
    appointments: int
    held: int


class Board:
    """`mine` of a user, or of one O; all numbers are of the whole list."""

    def __init__(self, *, now: datetime, mine: User | None = None, sector: str = "") -> None:
        self._now, self._mine, self._sector = now, mine, sector

    @cached_property
    def everything(self) -> list[Row]:
        planned = Interview.objects.planned()
        planned = planned.select_related("organisation", "interviewer", "guide", "writeup").prefetch_related(
            *("organisation__sectors", "themes", "contacts__themes", "contacts__contact_points"),
            "contacts__affiliations__organisation__sectors",
        )
        interviews = list(planned)
        gaps, mails = _gaps(), _mails(interviews)
        rows = [_row(one, gaps, mails) for one in interviews]
        return sorted(rows, key=lambda row: (row.gap is None, row.gap.order if row.gap else ()))

    @cached_property
    def rows(self) -> list[Row]:
        return [row for row in self.everything if self._is_shown(row)]

    def _is_shown(self, row: Row) -> bool:
        if self._mine and row.interview.interviewer_id != self._mine.pk:
            return False
        return not self._sector or self._sector in row.sectors

    @property
    def unassigned(self) -> list[Row]:
        return [row for row in self.rows if row.interview.interviewer is None]

    @property
    def without_day(self) -> list[Row]:
        return [row for row in self.rows if row.interview.interviewer and row.interview.held_at is None]

    @property
    def appointments(self) -> list[Row]:
        """The first one first."""
        rows = [row for row in self.rows if row.interview.interviewer and row.interview.held_at]
        return sorted(rows, key=lambda row: (row.interview.held_at or self._now, row.interview.pk))

    @property
    def filling(self) -> int:
        """How many of the list would be the first of their O on a theme."""
        return len([row for row in self.everything if row.gap and not row.gap.heard])

    def of(self, user: User) -> list[Row]:
        return [row for row in self.everything if row.interview.interviewer_id == user.pk]

    @property
    def holders(self) -> list[User]:
        """Who is to hold one and works here still, by name."""
        found = {row.interview.interviewer for row in self.everything}
        working = (user for user in found if user and user.is_active)
        return sorted(working, key=lambda one: (one.name, one.pk))

    @property
    def sectors(self) -> list[tuple[Sector, int]]:
        return [(one, len([row for row in self.everything if one in row.sectors])) for one in Sector]

    @cached_property
    def loads(self) -> list[Load]:
        """Of the whole team, who has most to do first."""
        team = User.objects.of_team()
        numbers = _loads(team, self._now)
        found = [Load(user, *numbers.get(user.pk, (0, 0, 0))) for user in team]
        return sorted(found, key=lambda one: (-one.open, -one.appointments))


def _row(interview: Interview, gaps: Mapping[tuple[int, str], Gap], mails: Mapping[int, int]) -> Row:
    people = list(interview.contacts.all())
    sectors = _sectors(interview, people)
    found = [gap for theme in _themes(interview) for sector in sectors if (gap := gaps.get((theme, sector)))]
    gap = min(found, key=lambda one: (one.order, one.theme.pk), default=None)
    return Row(interview, sectors, gap, max((mails[one.pk] for one in people), default=0))


def _themes(interview: Interview) -> set[int]:
    """The keys of its own themes, else of those of its people."""
    own = {theme.pk for theme in interview.themes.all()}
    return own or {theme.pk for person in interview.contacts.all() for theme in person.themes.all()}


def _sectors(interview: Interview, people: Iterable[Contact]) -> list[Sector]:
    """Those of the organisation on whose behalf somebody speaks, else those that they speak for now."""
    if interview.organisation:
        return [Sector(one) for one in interview.organisation.sector_list()]
    jobs = [job for person in people for job in person.affiliations.all() if job.ended_on is None]
    found = {sector for job in jobs for sector in job.sector_list()}
    return [one for one in Sector if one in found]


def _gaps() -> dict[tuple[int, str], Gap]:
    """Wherever somebody is missing, by the key of the theme and the O."""
    cells = ((heard, sector) for heard in overview() for sector in Sector)
    gaps = [
        Gap(sector, one.theme, one.sectors[sector], one.concerned[sector] - one.sectors[sector])
        for one, sector in cells
    ]
    return {(gap.theme.pk, gap.sector): gap for gap in gaps if gap.missing}


def _mails(interviews: Iterable[Interview]) -> dict[int, int]:
    """How many mails each of these people had lately."""
    keys = [person.pk for one in interviews for person in one.contacts.all()]
    rows = Contact.objects.filter(pk__in=keys).annotate(had=had_lately("messages"))
    return dict(rows.values_list("pk", "had"))


def _loads(team: Iterable[User], now: datetime) -> dict[int, tuple[int, int, int]]:
    today = timezone.localdate(now)
    quarter = today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1)
    planned, held = Q(state=State.PLANNED), Q(state__in=Interview.COUNTING, held_at__lte=now)
    rows = Interview.objects.filter(interviewer__in=team).order_by().values("interviewer")
    rows = rows.annotate(
        open=Count("pk", filter=planned & Q(held_at=None)),
        appointments=Count("pk", filter=planned & Q(held_at__isnull=False)),
        held=Count("pk", filter=held & Q(held_at__date__gte=quarter)),
    )
    return {row["interviewer"]: (row["open"], row["appointments"], row["held"]) for row in rows}
