"""Sealing: every entry once, in order, signed outside the database, and safe against crashes."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, connection

from amends.core.keys import KeyFileError
from amends.record import seal as seal_module
from amends.record.heads_file import LogCut, write_missing_heads
from amends.record.log import WORKER, Subject, log_action
from amends.record.models import ActionLog, LogBatch, LogLink
from amends.record.seal import seal_log

pytestmark = pytest.mark.django_db


@pytest.fixture
def seal(tmp_path: Path, now: datetime) -> Callable[..., LogBatch | None]:
    def seal_once(**values: bool) -> LogBatch | None:
        return seal_log(
            now=now, keys_dir=tmp_path / "keys", heads_file=tmp_path / "heads.jsonl", **values
        )

    return seal_once


def write_entries(count: int, *, now: datetime) -> None:
    for number in range(count):
        log_action(
            "case.note",
            workspace_id=1,
            actor=WORKER,
            subject=Subject("case", f"C-{number}", "çağrı"),
            now=now + timedelta(microseconds=number),
            data={"score": 0.91, "text": "Ç", "n": number, "list": [None, True]},
        )


def lines_of(tmp_path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (tmp_path / "heads.jsonl").read_text().splitlines()]


def test_nothing_to_seal_makes_no_batch(seal: Callable[..., LogBatch | None]) -> None:
    assert seal() is None
    assert LogBatch.objects.count() == 0


def test_all_entries_are_linked_in_order_in_batches(
    seal: Callable[..., LogBatch | None],
    now: datetime,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(seal_module, "BATCH", 4)
    write_entries(10, now=now)
    latest = seal()
    assert latest is not None
    assert (latest.number, latest.count) == (3, 2)
    linked = list(LogLink.objects.order_by("position").values_list("position", "entry_id"))
    expected = list(ActionLog.objects.order_by("pk").values_list("pk", flat=True))
    assert linked == list(enumerate(expected, start=1))
    assert [line["number"] for line in lines_of(tmp_path)] == [1, 2, 3]
    assert seal() is None


def test_the_key_lies_outside_the_database_for_its_owner_only(
    seal: Callable[..., LogBatch | None], now: datetime, tmp_path: Path
) -> None:
    write_entries(1, now=now)
    seal()
    assert (tmp_path / "keys" / "log.key").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "heads.jsonl").stat().st_mode & 0o777 == 0o600


def test_a_crash_between_database_and_file_heals_at_the_next_seal(
    seal: Callable[..., LogBatch | None],
    now: datetime,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write_entries(2, now=now)
    with monkeypatch.context() as patch:
        calls = iter([0])

        def crash_at_the_second(heads_file: Path) -> int:
            next_call = next(calls, None)
            if next_call is None:
                raise OSError(28, "No space left on device")
            return next_call

        patch.setattr(seal_module, "write_missing_heads", crash_at_the_second)
        with pytest.raises(OSError, match="No space"):
            seal()
    assert LogBatch.objects.count() == 1
    assert not (tmp_path / "heads.jsonl").exists()
    assert seal() is None
    assert [line["number"] for line in lines_of(tmp_path)] == [1]


def test_a_half_written_line_is_written_again(
    seal: Callable[..., LogBatch | None], now: datetime, tmp_path: Path
) -> None:
    heads = tmp_path / "heads.jsonl"
    write_entries(1, now=now)
    seal()
    write_entries(1, now=now)
    seal()
    whole = heads.read_text()
    heads.write_text(whole[:-40])
    seal()
    assert heads.read_text() == whole


def test_a_database_that_knows_less_than_the_file_is_not_sealed_further(
    seal: Callable[..., LogBatch | None], now: datetime, tmp_path: Path
) -> None:
    write_entries(1, now=now)
    seal()
    line = (tmp_path / "heads.jsonl").read_text().replace('"number":1', '"number":2')
    (tmp_path / "heads.jsonl").write_text(line)
    write_entries(1, now=now)
    with pytest.raises(LogCut, match="an older backup was restored"):
        seal()
    assert LogBatch.objects.count() == 1


def test_a_lost_key_is_never_replaced_in_silence(
    seal: Callable[..., LogBatch | None], now: datetime, tmp_path: Path
) -> None:
    write_entries(1, now=now)
    seal()
    (tmp_path / "keys" / "log.key").unlink()
    write_entries(1, now=now)
    with pytest.raises(KeyFileError, match="restore it"):
        seal()
    assert LogBatch.objects.count() == 1


def test_the_sealer_that_comes_second_loses_cleanly(
    seal: Callable[..., LogBatch | None], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def taken(self: LogBatch, **values: object) -> None:
        raise IntegrityError("UNIQUE constraint failed: record_logbatch.number")

    write_entries(1, now=now)
    monkeypatch.setattr(LogBatch, "save", taken)
    assert seal() is None


def test_an_entry_that_appears_late_is_sealed_by_a_thorough_pass(
    seal: Callable[..., LogBatch | None], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_entries(3, now=now)
    late = ActionLog.objects.order_by("pk").first()
    assert late is not None
    monkeypatch.setattr(seal_module, "LOOK_BACK", 0)
    others = ActionLog.objects.exclude(pk=late.pk).order_by("pk")
    with monkeypatch.context() as patch:
        patch.setattr(seal_module, "_unlinked", lambda *, is_thorough: others)
        patch.setattr(seal_module, "BATCH", 3)
        seal()
    assert seal() is None
    batch = seal(is_thorough=True)
    assert batch is not None
    assert batch.links.get().entry_id == late.pk


@pytest.mark.django_db(transaction=True)
def test_many_sealers_at_once_link_every_entry_once(now: datetime, tmp_path: Path) -> None:
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        pytest.skip("a database in memory knows no waiting; PostgreSQL and files show this")
    write_entries(300, now=now)
    failures: list[BaseException] = []

    def run() -> None:
        try:
            for _ in range(5):
                seal_log(now=now, keys_dir=tmp_path / "keys", heads_file=tmp_path / "heads.jsonl")
        except BaseException as failure:
            failures.append(failure)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    write_missing_heads(tmp_path / "heads.jsonl")
    assert failures == []
    assert LogLink.objects.count() == 300
    numbers = list(LogBatch.objects.order_by("number").values_list("number", flat=True))
    assert [line["number"] for line in lines_of(tmp_path)] == numbers
