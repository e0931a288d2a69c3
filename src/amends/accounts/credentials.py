"""Seals what is secret of channels and persons with a key file outside the database and its backups.

The file may hold several keys, one a line: the first seals, all open, so that a key can be rotated.
"""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

from amends.core.keys import load_or_create_key

KEY_FILE = "credentials.key"


class SealBroken(Exception):
    """What was sealed cannot be opened with the keys at hand."""


def seal(values: dict[str, str]) -> bytes:
    """`values` as sealed bytes; an empty mapping stays empty."""
    return _box().encrypt(json.dumps(values).encode()) if values else b""


def unseal(sealed: bytes | memoryview) -> dict[str, str]:
    """The values that were sealed; raises SealBroken when no key fits."""
    if not sealed:
        return {}
    try:
        opened: dict[str, str] = json.loads(_box().decrypt(bytes(sealed)))
    except InvalidToken:
        raise SealBroken(
            f"The credentials were sealed with a key that is not in {KEY_FILE}: restore the key file "
            f"from its backup, or enter the credentials again."
        ) from None
    return opened


def _box() -> MultiFernet:
    keys = load_or_create_key(Path(settings.KEYS_DIR) / KEY_FILE).split()
    return MultiFernet(
        [Fernet(base64.urlsafe_b64encode(hashlib.sha256(key.encode()).digest())) for key in keys]
    )
