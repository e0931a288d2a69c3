"""The key that signs the heads of the log: in a file of its own, never in the database."""

from __future__ import annotations

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from amends.core.heads import derive_signing_key
from amends.core.keys import KeyFileError, load_or_create_key

NAME = "log.key"
RETIRED = "log.retired-*.key"  # docs/operations.md says how a key is retired


def signing_key(keys_dir: Path, *, is_first: bool) -> Ed25519PrivateKey:
    """The key of this desk; made when there is none and the log has no sealed batch yet.

    Raises KeyFileError when it is gone although batches were signed with it: a new one made in
    silence would make the whole log look forged.
    """
    path = keys_dir / NAME
    if not path.exists() and not is_first and not any(keys_dir.glob(RETIRED)):
        raise KeyFileError(
            f"The key file {path} is missing, but the log was signed with it: restore it from your "
            f"backup of the keys (docs/operations.md)."
        )
    return derive_signing_key(load_or_create_key(path))


def public_keys(keys_dir: Path) -> list[Ed25519PublicKey]:
    """The present key and the retired ones, for checking; makes nothing.

    Raises KeyFileError when there is no key at all, or one cannot be read.
    """
    paths = [
        *(path for path in [keys_dir / NAME] if path.exists()),
        *sorted(keys_dir.glob(RETIRED)),
    ]
    if not paths:
        raise KeyFileError(
            f"There is no key of the log in {keys_dir}: name the folder with AMENDS_KEYS, or restore "
            f"it from your backup of the keys."
        )
    return [derive_signing_key(load_or_create_key(path)).public_key() for path in paths]
