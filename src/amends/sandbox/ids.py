"""Short random names for people and posts, without letters that look alike."""

from __future__ import annotations

import secrets

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def make_post_id() -> str:
    """Return 12 characters, 60 random bits."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(12))


def make_person_id() -> str:
    """Return "p" and 9 characters, so that a person is never mistaken for a post."""
    return "p" + "".join(secrets.choice(_ALPHABET) for _ in range(9))
