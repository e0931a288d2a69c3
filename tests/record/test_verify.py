"""`amends log verify` finds what a person with the password of the database could do to the log."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection
from typer.testing import CliRunner, Result

from amends.cli.log import log_app
from amends.cli.start import Unusable
from amends.record import seal as seal_module
from amends.record.models import ActionLog, LogBatch
from amends.record.seal import seal_log
from tests.record.test_seal import write_entries
from tests.support.append_only import guards_lifted

pytestmark = pytest.mark.django_db


@pytest.fixture
def log(
    tmp_path: Path, now: datetime, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Result]:
    """A log of 12 entries in three batches; calling it runs the command."""
    settings.DATA_DIR, settings.KEYS_DIR = tmp_path, tmp_path / "keys"
    monkeypatch.setattr(seal_module, "BATCH", 4)
    write_entries(12, now=now)
    seal_log(now=now, keys_dir=tmp_path / "keys", heads_file=heads_file())

    def verify(*arguments: str) -> Result:
        return CliRunner().invoke(log_app, ["verify", *arguments])

    return verify


def heads_file() -> Path:
    return Path(django_settings.DATA_DIR) / "log-heads.jsonl"


def tamper(sql: str, *values: Any) -> None:
    """As somebody who owns the database would: triggers off, foreign keys ignored, triggers on."""
    with guards_lifted(connection), connection.cursor() as cursor:
        cursor.execute(sql, values)


def ids() -> list[int]:
    return list(ActionLog.objects.order_by("pk").values_list("pk", flat=True))


def test_a_sound_log_verifies(log: Callable[..., Result]) -> None:
    result = log()
    assert result.exit_code == 0
    assert "12 sealed entries in 3 batches: nothing altered or missing." in result.output


def test_an_empty_log_verifies(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR, settings.KEYS_DIR = tmp_path, tmp_path / "keys"
    result = CliRunner().invoke(log_app, ["verify"])
    assert (result.exit_code, result.output) == (0, "0 entries, none sealed yet.\n")


def test_entries_not_sealed_yet_are_no_fault(log: Callable[..., Result], now: datetime) -> None:
    write_entries(2, now=now)
    result = log("--json")
    assert result.exit_code == 0
    answer = json.loads(result.output)
    assert answer["sound"] is True
    assert [one["code"] for one in answer["problems"]] == ["unsealed"]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("actor_label", "Somebody else"),
        ("action", "reply.approve"),
        ("data", "{}"),
        ("at", "2026-03-10 12:00:01+00:00"),
        ("workspace_id", 2),
        ("subject_id", "C-99"),
    ],
)
def test_an_altered_entry_is_named(log: Callable[..., Result], column: str, value: object) -> None:
    victim = ids()[5]
    tamper(f'UPDATE record_actionlog SET "{column}" = %s WHERE id = %s', value, victim)  # noqa: S608
    result = log()
    assert result.exit_code == 1
    assert f"Entry {victim} at position 6 was altered after it was sealed." in result.output
    assert "1 faults" in result.output


def test_an_entry_made_unreadable_is_named(log: Callable[..., Result]) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL lets nobody write what is no time")
    victim = ids()[5]
    tamper("UPDATE record_actionlog SET at = 'yesterday' WHERE id = %s", victim)
    result = log()
    assert result.exit_code == 1
    assert f"Entry {victim} at position 6 was altered" in result.output


def test_a_deleted_entry_is_named(log: Callable[..., Result]) -> None:
    victim = ids()[6]
    tamper("DELETE FROM record_actionlog WHERE id = %s", victim)
    result = log()
    assert result.exit_code == 1
    assert f"Entry {victim} at position 7 is missing" in result.output


def test_a_deleted_entry_with_its_link_is_found(log: Callable[..., Result]) -> None:
    victim = ids()[6]
    tamper("DELETE FROM record_actionlog WHERE id = %s", victim)
    tamper("DELETE FROM record_loglink WHERE entry_id = %s", victim)
    result = log()
    assert result.exit_code == 1
    assert "position 7" in result.output


def test_exchanged_entries_are_named(log: Callable[..., Result]) -> None:
    first, second = ids()[4:6]
    tamper("UPDATE record_actionlog SET id = -1 WHERE id = %s", first)
    tamper("UPDATE record_actionlog SET id = %s WHERE id = %s", first, second)
    tamper("UPDATE record_actionlog SET id = %s WHERE id = -1", second)
    assert log().exit_code == 1


def test_links_in_another_order_are_named(log: Callable[..., Result]) -> None:
    tamper("UPDATE record_loglink SET position = 100 WHERE position = 5")
    tamper("UPDATE record_loglink SET position = 5 WHERE position = 6")
    tamper("UPDATE record_loglink SET position = 6 WHERE position = 100")
    result = log("--json")
    assert result.exit_code == 1
    assert {one["code"] for one in json.loads(result.output)["problems"]} == {"reordered_entry"}


def test_a_cut_tail_is_found_by_the_file_beside_the_database(log: Callable[..., Result]) -> None:
    last = LogBatch.objects.get(number=3)
    entries = list(last.links.values_list("entry_id", flat=True))
    tamper("DELETE FROM record_loglink WHERE batch_id = %s", last.pk)
    tamper("DELETE FROM record_logbatch WHERE id = %s", last.pk)
    tamper("DELETE FROM record_actionlog WHERE id >= %s", min(entries))
    result = log()
    assert result.exit_code == 1
    assert "The log was cut" in result.output


def test_a_cut_of_both_is_found_by_a_copy_kept_elsewhere(
    log: Callable[..., Result], tmp_path: Path
) -> None:
    copy = tmp_path / "copy.jsonl"
    shutil.copy(heads_file(), copy)
    last = LogBatch.objects.get(number=3)
    first = last.links.order_by("position")[0].entry_id
    tamper("DELETE FROM record_loglink WHERE batch_id = %s", last.pk)
    tamper("DELETE FROM record_logbatch WHERE id = %s", last.pk)
    tamper("DELETE FROM record_actionlog WHERE id >= %s", first)
    heads_file().write_text("".join(heads_file().read_text().splitlines(keepends=True)[:2]))
    assert log().exit_code == 0
    result = log("--heads", str(copy))
    assert result.exit_code == 1
    assert "The log was cut" in result.output


def test_a_chain_made_anew_is_betrayed_by_its_signature(
    log: Callable[..., Result], tmp_path: Path, now: datetime
) -> None:
    victim = ids()[0]
    tamper("UPDATE record_actionlog SET actor_label = 'Nobody' WHERE id = %s", victim)
    tamper("DELETE FROM record_loglink")
    tamper("DELETE FROM record_logbatch")
    seal_log(now=now, keys_dir=tmp_path / "forged", heads_file=tmp_path / "forged.jsonl")
    result = log("--heads", str(tmp_path / "forged.jsonl"))
    assert result.exit_code == 1


@pytest.mark.parametrize("value", ["0" * 64, "x"])
def test_an_altered_head_is_named(log: Callable[..., Result], value: str) -> None:
    tamper("UPDATE record_logbatch SET hash = %s WHERE number = 2", value)
    result = log("--json")
    assert result.exit_code == 1
    codes = {one["code"] for one in json.loads(result.output)["problems"]}
    assert "bad_signature" in codes


def test_an_altered_line_of_the_file_is_named(log: Callable[..., Result]) -> None:
    lines = heads_file().read_text().splitlines(keepends=True)
    heads_file().write_text(lines[0] + "not a head\n" + lines[2])
    result = log()
    assert result.exit_code == 1
    assert "Line 2 of the heads file cannot be read" in result.output


def test_a_lost_file_is_a_fault(log: Callable[..., Result]) -> None:
    heads_file().unlink()
    result = log()
    assert result.exit_code == 1
    assert "The heads file was cut" in result.output


def test_a_missing_copy_or_key_is_wrong_use(log: Callable[..., Result], tmp_path: Path) -> None:
    result = log("--heads", str(tmp_path / "nowhere.jsonl"))
    assert isinstance(result.exception, Unusable)
    shutil.rmtree(tmp_path / "keys")
    result = log()
    assert isinstance(result.exception, Unusable)
    assert "restore it from your backup of the keys" in str(result.exception)


def test_a_retired_key_still_vouches_for_what_it_signed(
    log: Callable[..., Result], tmp_path: Path, now: datetime
) -> None:
    keys = tmp_path / "keys"
    (keys / "log.key").rename(keys / "log.retired-2026-03.key")
    write_entries(1, now=now)
    seal_log(now=now, keys_dir=keys, heads_file=heads_file())
    result = log()
    assert result.exit_code == 0
    assert "13 sealed entries in 4 batches" in result.output
