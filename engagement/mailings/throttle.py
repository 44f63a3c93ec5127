"""How fast mail may go: token buckets in the database, so that any number of workers keep to them together.

Without any limit in the settings nothing is asked of the database.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from engagement.mailings.models import Bucket, Message, MessageQuerySet

ALL = "*"
# A bucket holds what half a minute gives, and at least one: a burst, but no flood.
_BURST_MINUTES = 0.5


@dataclass
class Allowance:
    """What may be claimed now; `domains` holds those with a limit of their own."""

    total: int
    domains: dict[str, int] = field(default_factory=dict)

    def admitted(self, rows: Iterable[tuple[UUID, str]]) -> list[UUID]:
        """Keys out of (key, domain), in order, as far as the allowance goes."""
        taken: list[UUID] = []
        spent: Counter[str] = Counter()
        for key, domain in rows:
            if len(taken) < self.total and spent[domain] < self.domains.get(domain, self.total):
                taken.append(key)
                spent[domain] += 1
        return taken


def rates() -> Mapping[str, float]:
    """Messages a minute per domain, "*" for all together; those of 0 are no limit."""
    found: Mapping[str, float] = settings.MAIL_PER_MINUTE
    return {name: rate for name, rate in found.items() if rate > 0}


def allowance(now: datetime, most: int) -> Allowance:
    """What may be claimed, at most `most`; the transaction that claims calls it, and spend() afterwards."""
    allowed = min(most, left_today(now))
    buckets = _filled(now)
    if ALL in buckets:
        allowed = min(allowed, int(buckets[ALL].tokens))
    domains = {name: int(bucket.tokens) for name, bucket in buckets.items() if name != ALL}
    return Allowance(max(allowed, 0), domains)


def spend(domains: Sequence[str]) -> None:
    """Take a token for each message claimed, in the transaction of allowance()."""
    limited = rates()
    if not limited:
        return
    used = Counter(domain for domain in domains if domain in limited)
    if ALL in limited:
        used[ALL] = len(domains)
    for bucket in Bucket.objects.filter(name__in=used):
        bucket.tokens -= used[bucket.name]
        bucket.save(update_fields=["tokens"])


def _filled(now: datetime) -> dict[str, Bucket]:
    """The buckets as they are now, locked, with what time has added."""
    limited = rates()
    if not limited:
        return {}
    full = {name: max(1.0, rate * _BURST_MINUTES) for name, rate in limited.items()}
    missing = [Bucket(name=name, tokens=tokens, filled_at=now) for name, tokens in full.items()]
    Bucket.objects.bulk_create(missing, ignore_conflicts=True)
    buckets = {
        bucket.name: bucket
        for bucket in Bucket.objects.select_for_update().filter(name__in=limited).order_by("name")
    }
    for name, bucket in buckets.items():
        minutes = max((now - bucket.filled_at).total_seconds() / 60, 0.0)
        bucket.tokens = min(full[name], bucket.tokens + minutes * limited[name])
        bucket.filled_at = now
        bucket.save(update_fields=["tokens", "filled_at"])
    return buckets


def left_today(now: datetime) -> int:
    """How many more messages the ceiling of a day allows."""
    if not settings.MAIL_PER_DAY:
        return 1_000_000
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    return int(settings.MAIL_PER_DAY) - Message.objects.filter(sent_at__gte=midnight).count()


def is_quiet(now: datetime) -> bool:
    """Whether people are not to be mailed at this hour, but for answers to what they just did."""
    return quiet_until(now) is not None


def quiet_until(now: datetime) -> datetime | None:
    """The end of the quiet hours that it is in, None outside them."""
    if not settings.MAIL_QUIET_HOURS:
        return None
    start, end = (time.fromisoformat(text) for text in settings.MAIL_QUIET_HOURS.split("-"))
    local = timezone.localtime(now)
    clock = local.time()
    quiet = start <= clock < end if start <= end else clock >= start or clock < end
    if not quiet:
        return None
    day = local.date() if clock < end else local.date() + timedelta(days=1)
    return datetime.combine(day, end, tzinfo=local.tzinfo)


def sendable(due: MessageQuerySet, now: datetime, allowed: Allowance) -> MessageQuerySet:
    """Those of `due` that neither the hour nor an empty bucket holds back."""
    empty = [name for name, left in allowed.domains.items() if left < 1]
    found = due.exclude(domain__in=empty) if empty else due
    return found.filter(purpose="service") if is_quiet(now) else found
