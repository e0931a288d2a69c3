"""`amends playbook check`: a line per mistake, exit codes for scripts, and no Django."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from amends.cli.playbook import playbook_app
from amends.cli.start import Unusable
from amends.core.playbook.schema import read_shipped_playbook
from tests.core.playbook.examples import playbook_text, rule

RUNNER = CliRunner()


def write(folder: Path, source: bytes) -> Path:
    path = folder / "mine.yaml"
    path.write_bytes(source)
    return path


def test_a_sound_playbook_is_told_in_one_line(tmp_path: Path) -> None:
    path = write(tmp_path, read_shipped_playbook("general"))
    result = RUNNER.invoke(playbook_app, ["check", str(path)])
    assert result.exit_code == 0
    assert result.stdout == (
        f"{path}: playbook general, version 2: 26 gates, 26 rows; no mistakes, no warnings.\n"
    )


def test_every_mistake_has_its_file_line_and_reason(tmp_path: Path) -> None:
    source = (
        read_shipped_playbook("general")
        .replace(b"approval: A0", b"approval: A8", 1)
        .replace(b": 4h", b": late", 1)
    )
    path = write(tmp_path, source)
    result = RUNNER.invoke(playbook_app, ["check", str(path)])
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert len(lines) == 2
    rows = source.decode().splitlines()
    line = next(at for at, row in enumerate(rows, start=1) if "late," in row)
    column = rows[line - 1].index("late") + 1
    assert lines[0] == (
        f"{path}:{line}:{column}: clocks.P2.progress: late is not a time; "
        "write it like 30m, 4h or 3d"
    )
    assert ":15: gates[1].approval: A8 is not known" in lines[1]


def test_machines_may_read_the_answer(tmp_path: Path) -> None:
    path = write(tmp_path, b"kind: policy\n")
    result = RUNNER.invoke(playbook_app, ["check", str(path), "--json"])
    assert result.exit_code == 1
    answer = json.loads(result.stdout)
    assert answer["file"] == str(path)
    assert answer["sound"] is False
    assert answer["problems"] == [
        {
            "line": 1,
            "column": 7,
            "path": "kind",
            "message": "this is a policy, not a playbook; check it with `amends policy check`",
        }
    ]
    good = write(tmp_path, read_shipped_playbook("general"))
    result = RUNNER.invoke(playbook_app, ["check", str(good), "--json"])
    assert json.loads(result.stdout) == {
        "file": str(good),
        "sound": True,
        "problems": [],
        "warnings": [],
    }


def test_warnings_are_told_with_their_place_and_do_not_make_the_answer_no(tmp_path: Path) -> None:
    matrix = rule("D1", "{severity: high, category: praise}")
    source = playbook_text(gates=rule("G1", "{severity: {in: [high, critical]}}"), matrix=matrix)
    path = write(tmp_path, source.encode())
    result = RUNNER.invoke(playbook_app, ["check", str(path)])
    assert result.exit_code == 0
    warning, summary = result.stdout.splitlines()
    assert warning == (
        f"{path}:15:10: warning: D1: is never followed: whenever it holds, G1 above holds too; "
        "move it up, or make one of the two narrower"
    )
    assert summary.endswith("1 gate, 1 row; no mistakes, 1 warning.")
    answer = json.loads(RUNNER.invoke(playbook_app, ["check", str(path), "--json"]).stdout)
    assert answer["sound"] is True
    assert [(one["line"], one["column"], one["path"]) for one in answer["warnings"]] == [
        (15, 10, "D1")
    ]


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (b"a: &x [1]\nb: *x\n", ":1:4: anchors (&name) are not allowed; write the value out"),
        (b"[" * 100_000, ": nested deeper than 32 levels; write it flatter"),
        ("kind: çöp".encode("iso-8859-9"), ":1:7: the file is not UTF-8; save it in that encoding"),
        (b"kind: \x00", ":1:7: a control character stands here; remove it"),
        (b"", ":1:1: the file is empty"),
    ],
)
def test_hostile_or_unreadable_files_are_refused_with_a_place_and_what_to_do(
    tmp_path: Path, source: bytes, message: str
) -> None:
    result = RUNNER.invoke(playbook_app, ["check", str(write(tmp_path, source))])
    assert result.exit_code == 1
    assert message in result.stdout
    assert len(result.stdout.splitlines()) < 20


@pytest.mark.parametrize("name", ["absent.yaml", "."])
def test_a_file_that_cannot_be_read_is_told_with_what_to_do(tmp_path: Path, name: str) -> None:
    result = RUNNER.invoke(playbook_app, ["check", str(tmp_path / name)])
    assert isinstance(result.exception, Unusable)  # the edge of the process ends with 2 for it
    assert "cannot be read" in str(result.exception)
    assert "name a playbook file" in str(result.exception)


def test_a_file_that_is_far_too_large_is_not_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "huge.yaml"
    with path.open("wb") as stream:
        stream.truncate(3 * 1024**3)
    result = RUNNER.invoke(playbook_app, ["check", str(path)])
    assert result.exit_code == 1
    assert "larger than 256 KiB" in result.stdout


def test_checking_a_playbook_does_not_start_django() -> None:
    code = "import sys, amends.cli.playbook; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
