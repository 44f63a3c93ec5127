"""How often somebody may do something, counted in the cache, which all processes share."""

import time
from dataclasses import dataclass
from hashlib import sha256

from django.core.cache import cache


@dataclass(frozen=True)
class Limit:
    """So many times in so many seconds. Counted by hashes, so that the cache names nobody."""

    name: str
    most: int
    seconds: int

    def spend(self, *who: object) -> bool:
        """Count one more for `who`; False when that is one too many."""
        key = self._key(who)
        # Read first: where the database is busy, each writing waits for it, and a limit that is not counted
        # refuses nobody.
        if cache.get(key) is None:
            cache.add(key, 1, timeout=self.seconds)
            return self.most > 0
        try:
            return cache.incr(key) <= self.most
        except ValueError:  # it ended at this moment
            return True

    def is_spent(self, *who: object) -> bool:
        return int(cache.get(self._key(who), 0)) >= self.most

    def _key(self, who: tuple[object, ...]) -> str:
        digest = sha256(repr(tuple(map(str, who))).encode()).hexdigest()
        return f"limit:{self.name}:{int(time.time() / self.seconds)}:{digest}"
