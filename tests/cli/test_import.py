"""`amends import` as a person runs it: exit codes, the errors file, a kill in the middle and --resume."""

from __future__ import annotations

import csv
import json
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.desks import PREPARE, environment
from tests.cli.test_up import amends, refusal

pytestmark = pytest.mark.own_database


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The data folder of a desk with one workspace and one brand."""
    folder = str(tmp_path_factory.mktemp("desk"))
    subprocess.run(
        [sys.executable, "-c", PREPARE], env=environment(folder), check=True, timeout=120
    )
    return folder


def write(path: Path, *, rows: int, bad: int = 0) -> Path:
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["id", "created_at", "author", "text"])
        for number in range(rows):
            when = "" if number < bad else "2026-03-01T10:00:00Z"
            writer.writerow([number, when, f"author {number % 97}", f"Kargom {number} gündür yok"])
    return path


def run(*arguments: object, data: str) -> subprocess.CompletedProcess[str]:
    words = [str(one) for one in arguments]
    return amends("import", *words, AMENDS_DATA=data, AMENDS_KEYS=f"{data}-keys")


def count(data: str, what: str) -> int:
    with sqlite3.connect(f"file:{data}/amends.sqlite3?mode=ro", uri=True) as database:
        return int(database.execute(f"SELECT {what}").fetchone()[0])


def test_bad_rows_end_with_3_and_lie_in_the_errors_file(data: str, tmp_path: Path) -> None:
    errors = tmp_path / "bad.csv"
    done = run(write(tmp_path / "a.csv", rows=5, bad=2), "--errors", errors, "--json", data=data)
    assert done.returncode == 3, done.stderr
    answer = json.loads(done.stdout)
    assert (answer["new"], answer["bad"], answer["source"]) == (3, 2, "a")
    rows = list(csv.DictReader(errors.read_text(encoding="utf-8").splitlines()))
    assert [row["amends_row"] for row in rows] == ["1", "2"]
    assert rows[0]["text"] == "Kargom 0 gündür yok"


def test_a_dry_run_writes_nothing_and_prints_a_map_that_can_be_used(
    data: str, tmp_path: Path
) -> None:
    path = write(tmp_path / "dry.csv", rows=3)
    before = count(data, "count(*) FROM inbox_comment")
    done = run(path, "--dry-run", data=data)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "3 rows, 0 of them bad; nothing was written."
    assert count(data, "count(*) FROM inbox_comment") == before
    map = tmp_path / "map.yaml"
    map.write_text("\n".join(done.stdout.splitlines()[:-1]))
    assert run(path, "--map", map, data=data).returncode == 0


def test_wrong_use_is_told_in_one_line(data: str, tmp_path: Path) -> None:
    path = write(tmp_path / "b.csv", rows=1)
    assert "no such file" in refusal(run(tmp_path / "none.csv", data=data)).lower()
    assert "there are: lumen" in refusal(run(path, "--workspace", "elsewhere", data=data))
    assert "without --resume" in refusal(run(path, "--resume", data=data))
    map = tmp_path / "map.yaml"
    map.write_text("kind: import\ncolumns: {text: text}\n")
    assert f"{map}:2:10: columns: published_at is missing" in refusal(
        run(path, "--map", map, data=data)
    )
    path.write_text("text,date\na,03/04/2025\n")
    assert "could be %d/%m/%Y or %m/%d/%Y" in refusal(run(path, data=data))


def test_it_goes_on_after_it_was_killed(data: str, tmp_path: Path) -> None:
    path = write(tmp_path / "long.csv", rows=12_000, bad=3)
    command = [sys.executable, "-m", "amends", "import", str(path)]
    process = subprocess.Popen(command, env=environment(data))
    done = "COALESCE(max(rows), 0) FROM inbox_fileimport WHERE source = 'long'"
    until = time.monotonic() + 60
    while count(data, done) < 1000 and time.monotonic() < until:
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.wait()
    reached = count(data, done)
    assert 1000 <= reached < 12_000
    comments = "count(*) FROM inbox_comment WHERE host = 'long'"
    assert count(data, comments) == reached - 3
    again = run(path, "--resume", "--json", data=data)
    assert again.returncode == 3, again.stderr
    answer = json.loads(again.stdout)
    assert (answer["rows"], answer["new"], answer["known"], answer["bad"]) == (12_000, 11_997, 0, 3)
    assert count(data, comments) == 11_997
