"""The key by which a browser locks what it keeps of a person."""

from __future__ import annotations

from django.utils.crypto import salted_hmac

from amends.accounts.models import User


def keep_key(user: User) -> str:
    """32 bytes in hexadecimal, the same for ever; only pages of the person carry it.

    Whoever signs in next at the same browser gets another one and can open nothing of theirs.
    """
    return salted_hmac("amends.web.kept", str(user.pk), algorithm="sha256").hexdigest()
