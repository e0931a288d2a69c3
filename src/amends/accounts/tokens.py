"""Secrets for links: shown once, kept as a hash, compared by the database."""

from __future__ import annotations

import hashlib
import secrets
import string


def new_token() -> str:
    """A secret of 256 bits that fits into an address."""
    return secrets.token_urlsafe(32)


def hash_token(token: str) -> str:
    """What is stored instead; a plain hash is enough, for nobody can guess 256 random bits."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def new_letter_token() -> str:
    """A secret of 131 bits in small letters alone: it survives every place that finds links in a text, and no
    check takes a part of it for somebody's number or for a smiley."""
    return "".join(secrets.choice(string.ascii_lowercase) for _ in range(28))
