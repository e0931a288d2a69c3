"""`amends policy check`: a line per finding, exit codes for scripts, and no Django."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from amends.cli.policy import policy_app
from amends.cli.start import Unusable
from amends.core.playbook.schema import read_shipped_playbook
from amends.core.policy.schema import read_shipped_policy
from tests.core.policy.support import SMALL

RUNNER = CliRunner()


def write(folder: Path, source: bytes) -> Path:
    path = folder / "mine.yaml"
    path.write_bytes(source)
    return path


def test_a_sound_policy_is_told_in_one_line(tmp_path: Path) -> None:
    path = write(tmp_path, read_shipped_policy())
    result = RUNNER.invoke(policy_app, ["check", str(path)])
    assert result.exit_code == 0
    assert result.stdout == (
        f"{path}: policy starting, version 1: 9 clauses in en, tr, id, ru, nl; no mistakes.\n"
    )


def test_an_error_ends_with_one_and_a_warning_with_zero(tmp_path: Path) -> None:
    path = write(tmp_path, SMALL.replace(b"Do not insult a person.", b"No criticism."))
    result = RUNNER.invoke(policy_app, ["check", str(path)])
    assert result.exit_code == 1
    assert result.stdout.startswith(f"{path}:23: clauses[0].texts.en.rule: “criticism” would make")
    path = write(tmp_path, SMALL.replace(b"temporary_ban: 7d", b"temporary_ban"))
    result = RUNNER.invoke(policy_app, ["check", str(path)])
    assert result.exit_code == 0
    assert f"{path}:19: warning: clauses[0].ladder: a temporary ban without" in result.stdout
    assert "1 to think over." in result.stdout


def test_languages_of_the_brand_may_be_named(tmp_path: Path) -> None:
    path = write(tmp_path, SMALL)
    result = RUNNER.invoke(policy_app, ["check", str(path), "--languages", "en, tr"])
    assert result.exit_code == 0
    assert "the brand speaks tr" in result.stdout


def test_machines_may_read_the_answer(tmp_path: Path) -> None:
    path = write(tmp_path, read_shipped_playbook("general"))
    result = RUNNER.invoke(policy_app, ["check", str(path), "--json"])
    assert result.exit_code == 1
    answer = json.loads(result.stdout)
    assert answer["sound"] is False
    assert answer["problems"] == [
        {
            "level": "error",
            "line": 4,
            "path": "kind",
            "message": "this is a playbook; check it with `amends playbook check`",
        }
    ]
    good = write(tmp_path, SMALL)
    result = RUNNER.invoke(policy_app, ["check", str(good), "--json"])
    assert json.loads(result.stdout) == {"file": str(good), "sound": True, "problems": []}


@pytest.mark.parametrize("name", ["absent.yaml", "."])
def test_a_file_that_cannot_be_read_is_told_with_what_to_do(tmp_path: Path, name: str) -> None:
    result = RUNNER.invoke(policy_app, ["check", str(tmp_path / name)])
    assert isinstance(result.exception, Unusable)  # the edge of the process ends with 2 for it
    assert "name a policy file" in str(result.exception)


def test_a_hostile_file_is_refused_with_one(tmp_path: Path) -> None:
    path = write(tmp_path, b"kind: policy\nclauses: &a [*a]\n")
    result = RUNNER.invoke(policy_app, ["check", str(path)])
    assert result.exit_code == 1
    assert "anchors (&name) are not allowed" in result.stdout


def test_checking_a_policy_does_not_start_django() -> None:
    code = "import sys, amends.cli.policy; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
