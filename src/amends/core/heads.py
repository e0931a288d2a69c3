"""Heads of the sealed log: what is signed, by which key, and the lines of the file beside it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from amends.core.clock import require_aware
from amends.core.digest import canonical_json

GENESIS = "0" * 64  # stands before the first entry
_HASH = re.compile(r"[0-9a-f]{64}\Z")
_SIGNATURE = re.compile(r"[0-9a-f]{128}\Z")
_NUMBERS = ("number", "first_position", "count")


@dataclass(frozen=True, slots=True)
class BatchHead:
    """The state of the chain after one batch; positions and numbers count from 1, hashes are hex."""

    number: int
    first_position: int
    count: int
    hash: str
    previous_hash: str
    sealed_at: datetime

    def __post_init__(self) -> None:
        object.__setattr__(self, "sealed_at", require_aware(self.sealed_at))
        if self.number < 1 or self.first_position < 1 or self.count < 1:
            raise ValueError(f"batch {self.number}: numbers and positions count from 1")
        if not (_HASH.match(self.hash) and _HASH.match(self.previous_hash)):
            raise ValueError(f"batch {self.number}: a hash is 64 hexadecimal digits")

    @property
    def next_position(self) -> int:
        return self.first_position + self.count


@dataclass(frozen=True, slots=True)
class SignedHead:
    """A head with its Ed25519 signature (128 hexadecimal digits)."""

    head: BatchHead
    signature: str


def derive_signing_key(secret: str) -> Ed25519PrivateKey:
    """Return the key that signs heads, derived from the text of a key file (HKDF, SHA-256)."""
    if not secret:
        raise ValueError("the secret that signs the log is empty; restore it from its backup")
    derived = HKDF(hashes.SHA256(), length=32, salt=None, info=b"amends log head v1")
    return Ed25519PrivateKey.from_private_bytes(derived.derive(secret.encode()))


def fingerprint(public_key: Ed25519PublicKey) -> str:
    """Return the SHA-256 of the raw public key (hex), by which people name it."""
    raw = public_key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return hashlib.sha256(raw).hexdigest()


def sign_head(head: BatchHead, *, key: Ed25519PrivateKey) -> SignedHead:
    return SignedHead(head, key.sign(_signed_bytes(head)).hex())


def verify_head(signed: SignedHead, *, public_keys: Sequence[Ed25519PublicKey]) -> bool:
    """Whether one of the keys (the present one and retired ones) made the signature."""
    if not _SIGNATURE.match(signed.signature):
        return False
    signature, message = bytes.fromhex(signed.signature), _signed_bytes(signed.head)
    return any(_is_by(key, signature, message) for key in public_keys)


def format_head_line(signed: SignedHead) -> str:
    """Return the line of the heads file, without line break."""
    return canonical_json({**_plain(signed.head), "signature": signed.signature}).decode()


def parse_head_line(line: str | bytes) -> SignedHead:
    """Read one line of the heads file; raise ValueError with the reason when it is none."""
    try:
        values = json.loads(line)
    except (ValueError, RecursionError):
        raise ValueError("it is not JSON") from None
    if not isinstance(values, dict):
        raise ValueError("it is no JSON object")
    expected = {*_NUMBERS, "hash", "previous_hash", "sealed_at", "signature"}
    if set(values) != expected:
        raise ValueError(f"its keys must be {', '.join(sorted(expected))}")
    if any(type(values[name]) is not int for name in _NUMBERS):
        raise ValueError(f"{', '.join(_NUMBERS)} must be whole numbers")
    if any(type(values[name]) is not str for name in expected.difference(_NUMBERS)):
        raise ValueError("hashes, time and signature must be texts")
    signature = values.pop("signature")
    sealed_at = datetime.fromisoformat(values.pop("sealed_at"))
    return SignedHead(BatchHead(**values, sealed_at=sealed_at), signature)


def write_time(moment: datetime) -> str:
    """Return `moment` in UTC to the microsecond, in the one form that is hashed and signed."""
    return require_aware(moment).astimezone(UTC).isoformat(timespec="microseconds")


def _plain(head: BatchHead) -> dict[str, Any]:
    return {**asdict(head), "sealed_at": write_time(head.sealed_at)}


def _signed_bytes(head: BatchHead) -> bytes:
    return b"amends log head v1\n" + canonical_json(_plain(head))


def _is_by(key: Ed25519PublicKey, signature: bytes, message: bytes) -> bool:
    try:
        key.verify(signature, message)
    except InvalidSignature:
        return False
    return True
