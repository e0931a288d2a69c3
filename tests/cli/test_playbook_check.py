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
        f"{path}: playbook general, version 1: 2 gates, 6 rows; no mistakes.\n"
    )


def test_every_mistake_has_its_file_line_and_reason(tmp_path: Path) -> None:
    source = (
        read_shipped_playbook("general").replace(b"A0", b"A8", 1).replace(b": 4h", b": late", 1)
    )
    path = write(tmp_path, source)
    result = RUNNER.invoke(playbook_app, ["check", str(path)])
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert len(lines) == 2
    assert lines[0].startswith(f"{path}:")
    assert lines[0].endswith("clocks.P2.progress: late is not a time; write it like 30m, 4h or 3d")
    assert ": gates[0].approval: A8 is not known" in lines[1]


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
            "path": "kind",
            "message": "this is not a playbook; a playbook says `kind: playbook`",
        }
    ]
    good = write(tmp_path, read_shipped_playbook("general"))
    result = RUNNER.invoke(playbook_app, ["check", str(good), "--json"])
    assert json.loads(result.stdout) == {"file": str(good), "sound": True, "problems": []}


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
