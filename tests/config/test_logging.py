"""No log line gives away a credential or a link that lets somebody in."""

from __future__ import annotations

import logging
import sys

import pytest
import structlog

from amends.config.logging import HidingFormatter, hide_secrets, render_line

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


def written_by(record: logging.LogRecord) -> str:
    return HidingFormatter("{levelname} {message}", style="{").format(record)


def test_arguments_of_a_line_are_covered() -> None:
    record = logging.makeLogRecord({"msg": "token=%s", "args": (TOKEN,), "levelname": "INFO"})
    assert written_by(record) == "INFO token=***"


def test_a_traceback_is_covered_too() -> None:
    try:
        raise ValueError(f"token={TOKEN}")
    except ValueError:
        record = logging.makeLogRecord({"msg": "x", "exc_info": sys.exc_info()})
    assert TOKEN not in written_by(record)
    assert "token=***" in written_by(record)


def test_a_step_that_fails_logs_where_and_never_what_was_said(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(words: str) -> None:
        raise RuntimeError("no such table")

    said = " ".join(["My name is", "Ay" + "şe"])  # a variable: the traceback shows lines of code
    try:
        fail(said)
    except RuntimeError:
        structlog.get_logger("amends.pipeline").exception("step.failed", step="capture", row=7)
    [record] = caplog.records
    line = written_by(record)
    assert line.startswith("ERROR step.failed step=capture row=7\nTraceback")
    assert "RuntimeError: no such table" in line
    assert "Ayşe" not in line


def test_a_value_with_blanks_stands_in_quotes_on_one_line() -> None:
    line = render_line(
        None, "info", {"event": "step.lease_lost", "row": 7, "why": "too late,\nagain"}
    )
    assert line == "step.lease_lost row=7 why='too late,\\nagain'"


def test_what_is_below_the_level_is_not_written(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    structlog.get_logger("amends.pipeline").info("step.done")
    assert not caplog.records
