"""Limits of pages that everybody may open: counted by address, for all web processes together."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest

READS, WRITES = 120, 6
WINDOW = timedelta(minutes=10)


def is_too_often(request: HttpRequest, *, name: str, is_write: bool, now: datetime) -> bool:
    """Count this request; true where it is one too many from its address within ten minutes.

    The address is kept as a digest and forgotten with the window.
    """
    address = hashlib.sha256(get_adapter().get_client_ip(request).encode()).hexdigest()[:32]
    window = int(now.timestamp() // WINDOW.total_seconds())
    key = f"public:{name}:{'w' if is_write else 'r'}:{window}:{address}"
    cache.add(key, 0, timeout=int(WINDOW.total_seconds()))
    try:
        count = cache.incr(key)
    except ValueError:  # the window ended between the two
        return False
    return count > (WRITES if is_write else READS)
