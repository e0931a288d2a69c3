"""The seal on credentials: keys outside the database, rotatable, and a sentence when they are lost."""

from __future__ import annotations

import secrets
from pathlib import Path
from types import SimpleNamespace

import pytest

from amends.inbox.credentials import KEY_FILE, SealBroken, seal, unseal

SECRETS = {"app_password": "abcd-efgh-ijkl-mnop", "note": "ığüşöç"}


@pytest.fixture
def keys(tmp_path: Path, settings: SimpleNamespace) -> Path:
    settings.KEYS_DIR = tmp_path
    return tmp_path / KEY_FILE


def test_what_was_sealed_opens_again_and_shows_nothing_meanwhile(keys: Path) -> None:
    sealed = seal(SECRETS)
    assert b"abcd" not in sealed
    assert unseal(sealed) == SECRETS
    assert keys.stat().st_mode & 0o777 == 0o600


def test_nothing_stays_nothing(keys: Path) -> None:
    assert seal({}) == b""
    assert unseal(b"") == {}


def test_a_new_key_put_first_seals_and_the_old_one_still_opens(keys: Path) -> None:
    before = seal(SECRETS)
    keys.write_text(f"{secrets.token_urlsafe(48)}\n{keys.read_text()}")
    after = seal(SECRETS)
    assert unseal(before) == unseal(after) == SECRETS
    keys.write_text(keys.read_text().splitlines()[0])
    assert unseal(after) == SECRETS
    with pytest.raises(SealBroken, match=KEY_FILE):
        unseal(before)
