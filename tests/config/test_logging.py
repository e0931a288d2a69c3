"""No log line gives away a credential or a link that lets somebody in."""

from __future__ import annotations

import logging

import pytest

from amends.config.logging import HideSecrets, hide_secrets

TOKEN = "aVJmBH68fNV4CRmR1oSXqNukUEqp9V2q8Yo5ZvKsM8g"


@pytest.mark.parametrize(
    ("said", "written"),
    [
        (f"Unprocessable Entity: /setup/{TOKEN}/", "Unprocessable Entity: /setup/***/"),
        (f"GET /join/{TOKEN}/ 200", "GET /join/***/ 200"),
        (f"/password/reset/1-{TOKEN}/", "/password/reset/1-***/"),
        ("/password/reset/sent/", "/password/reset/sent/"),
        ("Authorization: Bearer abcdefgh12345", "Authorization: Bearer ***"),
        ("login with abcd-efgh-ijkl-mnop failed", "login with *** failed"),
        ('{"password": "tulip", "name": "Ece"}', '{"password": "***", "name": "Ece"}'),
        (f"refused amends_{TOKEN} at the gate", "refused amends_*** at the gate"),
        (f"signed with whsec_{TOKEN}", "signed with whsec_***"),
        ("case C-12 was moved", "case C-12 was moved"),
    ],
)
def test_secrets_become_stars(said: str, written: str) -> None:
    assert hide_secrets(said) == written


def test_arguments_of_a_line_are_covered() -> None:
    record = logging.makeLogRecord({"msg": "token=%s", "args": (TOKEN,)})
    assert HideSecrets().filter(record)
    assert record.getMessage() == "token=***"
