"""How many requests an account may make; kept in the memory of each web process."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock


@dataclass(slots=True)
class RateLimit:
    """At most `allowed` requests of one account within `window`."""

    allowed: int
    window: timedelta
    _seen: dict[str, deque[datetime]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def wait_for(self, account_id: str, *, now: datetime) -> timedelta | None:
        """Count a request; return how long to wait where it is one too many, else None."""
        with self._lock:
            seen = self._seen.setdefault(account_id, deque())
            while seen and seen[0] <= now - self.window:
                seen.popleft()
            if len(seen) >= self.allowed:
                return seen[0] + self.window - now
            seen.append(now)
            return None


# Far above what one desk asks for, far below what would make the pages slow.
PER_ACCOUNT = RateLimit(allowed=1200, window=timedelta(minutes=1))
