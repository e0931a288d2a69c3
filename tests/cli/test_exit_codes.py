"""The exit codes that scripts rely on, each from the command as a person runs it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.test_up import amends, refusal

pytestmark = pytest.mark.own_database


def test_0_is_fine() -> None:
    done = amends("--version")
    assert (done.returncode, done.stdout.startswith("amends ")) == (0, True)


def test_1_is_no(tmp_path: Path) -> None:
    url = "postgresql://127.0.0.1:1/desk"
    assert amends("doctor", "--json", AMENDS_DATA=str(tmp_path), DATABASE_URL=url).returncode == 1


@pytest.mark.parametrize("arguments", [["fly"], ["up", "--port", "0"], ["up", "--port", "many"]])
def test_2_is_wrong_use(arguments: list[str]) -> None:
    assert amends(*arguments).returncode == 2


def test_2_is_an_unusable_file(tmp_path: Path) -> None:
    said = refusal(amends("assess", str(tmp_path / "nothing.jsonl")))
    assert "nothing.jsonl" in said


def test_2_is_a_key_that_cannot_be_read(tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    (keys / "secret.key").mkdir(parents=True)  # root reads every file, but no folder as one
    done = amends("log", "verify", AMENDS_DATA=str(tmp_path / "data"), AMENDS_KEYS=str(keys))
    assert "secret.key" in refusal(done)


def test_3_is_done_with_bad_rows(tmp_path: Path) -> None:
    rows = tmp_path / "rows.jsonl"
    rows.write_text('{"id": "1", "text": "Kargom 6 gündür yok"}\n{"id": "2", "text": "  "}\n')
    done = amends("assess", str(rows))
    assert done.returncode == 3, done.stderr
    assert len(done.stdout.splitlines()) == 2


def test_4_is_an_error_of_ours_in_one_line_after_what_helps_to_mend_it() -> None:
    broken = "import amends.cli.main as m; m.app = lambda: 1 / 0; m.run()"
    done = subprocess.run(
        [sys.executable, "-c", broken], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 4
    assert "Traceback" in done.stderr
    assert done.stderr.strip().splitlines()[-1].startswith("amends: internal error (ZeroDivision")
