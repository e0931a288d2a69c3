"""Keys that live outside the database and its backups, in files that only the owner can read."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


class KeyFileError(Exception):
    """A key file cannot be read or made."""


def load_or_create_key(path: Path) -> str:
    """The text of the key file; made with mode 0600 the first time. Safe when two processes start at once.

    Raises KeyFileError when the file cannot be read or the folder cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        return _read(path) if path.exists() else _create(path)
    except OSError as error:
        raise KeyFileError(
            f"The key file {path} cannot be used ({error.strerror}): check the rights of its folder, "
            f"or name another one with AMENDS_KEYS."
        ) from None


def _read(path: Path) -> str:
    text = path.read_text(encoding="ascii").strip()
    if not text:
        raise KeyFileError(
            f"The key file {path} is empty: restore it from your backup of the keys."
        )
    return text


def _create(path: Path) -> str:
    # A finished file is linked into place, so that nobody ever reads a half-written key.
    text = secrets.token_urlsafe(48)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        return _read(path)
    finally:
        draft.unlink()
    return text
