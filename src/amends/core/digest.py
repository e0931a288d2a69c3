"""Digests of what was said and agreed to: canonical, salted where the words could be guessed."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

SALT_BYTES = 16


def canonical_json(value: Any) -> bytes:
    """JSON with sorted keys and no spaces, UTF-8, code points as given (no normalisation).

    A float without fraction is written as the whole number that databases make of it, so that a
    value has the same form before and after it was stored. Raises TypeError or ValueError for what
    has no single form: NaN, infinities, keys that are no strings.
    """
    text = json.dumps(
        _settle(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )
    return text.encode("utf-8", "surrogatepass")


def new_salt() -> str:
    """A random salt as hex."""
    return secrets.token_hex(SALT_BYTES)


def salted_digest(content: str | Mapping[str, Any], salt: str) -> str:
    """SHA-256 of salt and content as hex; without the salt nobody can try words against it."""
    return hashlib.sha256(bytes.fromhex(salt) + _as_bytes(content)).hexdigest()


def keyed_digest(key: bytes, content: str | Mapping[str, Any]) -> str:
    """HMAC-SHA-256 as hex: the same content has the same name, but only for who holds the key."""
    return hmac.new(key, _as_bytes(content), hashlib.sha256).hexdigest()


def approval_digest(
    *,
    text: str,
    account_id: str,
    target_external_id: str,
    version_digest: str,
    attachments: Sequence[str] = (),
) -> str:
    """SHA-256 over everything that an approval binds; any other value is another reply."""
    bound = {
        "text": text,
        "account": account_id,
        "target": target_external_id,
        "version": version_digest,
        "attachments": list(attachments),
    }
    return hashlib.sha256(canonical_json(bound)).hexdigest()


def _as_bytes(content: str | Mapping[str, Any]) -> bytes:
    if isinstance(content, str):
        return content.encode("utf-8", "surrogatepass")
    return canonical_json(dict(content))


def _settle(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, Mapping):
        for key in value:
            if not isinstance(key, str):
                raise TypeError(f"the key {key!r} is no string: JSON would change it silently")
        return {key: _settle(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_settle(inner) for inner in value]
    return value
