"""`amends doctor` names what is wrong with a desk, and how to mend it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.desks import PREPARE, run_amends, run_script

pytestmark = pytest.mark.own_database


def findings(data: Path) -> dict[str, dict[str, object]]:
    done = run_amends("doctor", "--json", data=data)
    return {one["name"]: one for one in json.loads(done.stdout)}


def test_an_empty_desk_has_migrations_to_do_and_a_ready_one_wants_a_backup(tmp_path: Path) -> None:
    data = tmp_path / "desk"
    before = findings(data)
    assert not before["Migrations"]["is_fine"]
    assert "amends up" in str(before["Migrations"]["what_to_do"])
    run_script(PREPARE, data)
    after = findings(data)
    assert after["Migrations"]["is_fine"]
    assert after["Keys"]["is_fine"]
    assert not after["Last backup"]["is_fine"]
    assert {"Clock", "Disk", "PostgreSQL client (backups)", "Engine"} <= set(after)
    assert run_amends("backup", data=data).returncode == 0
    (Path(f"{data}-keys") / "secret.key").chmod(0o644)
    last = findings(data)
    assert last["Last backup"]["is_fine"]
    assert "chmod 600" in str(last["Keys"]["what_to_do"])
