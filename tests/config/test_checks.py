"""Wrong combinations of settings are told in words, with an id and what to do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.checks import run_checks

from amends.config.checks import check_settings


def ids() -> set[str]:
    return {str(message.id) for message in check_settings()}


def test_the_defaults_are_fine(settings: Any) -> None:
    assert ids() == set()


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"BASE_URL": "desk.example"}, {"amends.E001"}),
        ({"BASE_URL": "ftp://127.0.0.1"}, {"amends.E001"}),
        ({"BASE_URL": "http://127.0.0.1:8000/desk"}, {"amends.E002"}),
        (
            {"BASE_URL": "https://desk.example", "TRUSTED_PROXIES": 1, "HTTPS": True},
            {"amends.E003"},
        ),
        (
            {"BASE_URL": "https://desk.example", "ALLOWED_HOSTS": ["*"], "TRUSTED_PROXIES": 1},
            {"amends.W001"},
        ),
        (
            {"BASE_URL": "http://desk.example", "ALLOWED_HOSTS": ["desk.example"]},
            {"amends.W002"},
        ),
        (
            {"BASE_URL": "https://desk.example", "ALLOWED_HOSTS": ["desk.example"], "HTTPS": True},
            {"amends.W003"},
        ),
        ({"TRUSTED_PROXIES": -1}, {"amends.E004"}),
        (
            {"DEBUG": True, "BASE_URL": "https://desk.example", "ALLOWED_HOSTS": ["desk.example"]},
            {"amends.E005"},
        ),
        ({"SECRET_KEY": "short"}, {"amends.E006"}),
        ({"OUTBOUND_ALLOW": ["127.0.0.1:2583", "[::1]:80"]}, set()),
        ({"OUTBOUND_ALLOW": ["127.0.0.1"]}, {"amends.E008"}),
        ({"OUTBOUND_ALLOW": ["http://127.0.0.1:80"]}, {"amends.E008"}),
        ({"EMAIL_HOST_USER": "desk", "EMAIL_HOST": ""}, {"amends.E009"}),
        ({"DEFAULT_FROM_EMAIL": "desk"}, {"amends.E010"}),
        ({"LEASE_SECONDS": 5}, {"amends.E011"}),
        ({"WORKER_THREADS": 0}, {"amends.E012"}),
        ({"WEB_PROCESSES": 0}, {"amends.E013"}),
    ],
)
def test_a_wrong_combination_has_its_id(
    settings: Any, values: dict[str, object], expected: set[str]
) -> None:
    for name, value in values.items():
        setattr(settings, name, value)
    assert ids() == expected
    for message in check_settings():
        assert message.hint


def test_a_key_file_that_others_can_read_is_an_error(settings: Any, tmp_path: Path) -> None:
    settings.KEYS_DIR = tmp_path
    (tmp_path / "log.key").write_text("x")
    (tmp_path / "log.key").chmod(0o644)
    assert ids() == {"amends.E007"}
    (tmp_path / "log.key").chmod(0o600)
    assert ids() == set()


def test_the_checks_are_registered(settings: Any) -> None:
    settings.WORKER_THREADS = 0
    assert "amends.E012" in {message.id for message in run_checks()}


def test_every_check_stands_in_the_handbook() -> None:
    import re

    root = Path(__file__).resolve().parent.parent.parent
    source = (root / "src" / "amends" / "config" / "checks.py").read_text(encoding="utf-8")
    handbook = (root / "docs" / "operations.md").read_text(encoding="utf-8")
    numbered = re.findall(r"_(error|warning)\(\s*(\d+),", source)
    for kind, number in numbered:
        assert f"amends.{kind[0].upper()}{int(number):03}" in handbook
