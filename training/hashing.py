"""Splits that never move: a number for a key that depends on the key alone."""

from __future__ import annotations

import hashlib


def hash_fraction(key: str) -> float:
    """Return a number in [0, 1)."""
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:4], "big") / 2**32
