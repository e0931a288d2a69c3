"""Make people, and give brand accounts the token that a program signs in with."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from amends.sandbox.models import Person

_PREFIX = "practice-"


def issue_token(person: Person) -> str:
    """Return a new token of a brand account and forget the former one; only its digest is kept.

    Raises ValueError for a person that is no brand account.
    """
    if not person.is_brand:
        raise ValueError(f"@{person.handle} is no brand account and gets no token")
    token = _PREFIX + secrets.token_urlsafe(32)
    person.token_hash = _digest(token)
    person.save(update_fields=["token_hash"])
    return token


def person_for_token(token: str) -> Person | None:
    """Return the brand account of a token, compared in constant time, or None."""
    digest = _digest(token)
    found: Person | None = None
    for person in Person.objects.filter(token_hash__isnull=False):
        if hmac.compare_digest(person.token_hash or "", digest):
            found = person
    return found


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
