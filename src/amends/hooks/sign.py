"""Signs what is told, so that who hears it knows that it comes from this desk and is fresh.

`X-Amends-Signature: t=<Unix seconds>,v1=<hex>`: HMAC-SHA256 over "t.body". While a secret rotates there are
two `v1`, of which one must fit (docs/webhooks.md shows how to check).
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from datetime import datetime

MARK = "whsec_"


def new_secret() -> str:
    return MARK + secrets.token_urlsafe(32)


def signature_header(body: bytes, *, keys: Iterable[str], now: datetime) -> str:
    """The header for a body, signed with each key."""
    stamp = str(int(now.timestamp()))
    signed = [f"v1={_sign(body, key=key, stamp=stamp)}" for key in keys]
    return ",".join([f"t={stamp}", *signed])


def _sign(body: bytes, *, key: str, stamp: str) -> str:
    return hmac.new(key.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
