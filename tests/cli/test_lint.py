"""`amends lint`: JSONL in and out, exit codes for scripts, and no Django."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from amends.cli.main import app

RUNNER = CliRunner()
GOOD = {
    "id": "g",
    "comment": "My parcel is late.",
    "reply": "Your parcel is late, our mistake, sorry.",
}
BAD = {"id": "b", "comment": "My parcel is late.", "reply": "Stop lying about your parcel."}


def write(folder: Path, *rows: object) -> Path:
    path = folder / "replies.jsonl"
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    return path


def test_each_row_has_its_verdict_in_order(tmp_path: Path) -> None:
    result = RUNNER.invoke(app, ["lint", str(write(tmp_path, GOOD, BAD))])
    assert result.exit_code == 0, result.output
    good, bad = (json.loads(line) for line in result.stdout.splitlines())
    assert (good["id"], good["verdict"]) == ("g", "clean")
    assert (bad["id"], bad["verdict"]) == ("b", "block")
    [finding] = [one for one in bad["findings"] if one["check"] == "Q10"]
    assert BAD["reply"][finding["start"] : finding["end"]] == "Stop lying"
    assert {"check", "level", "start", "end", "message", "suggestion"} <= set(finding)


def test_check_ends_with_1_only_if_something_blocks(tmp_path: Path) -> None:
    assert RUNNER.invoke(app, ["lint", str(write(tmp_path, GOOD)), "--check"]).exit_code == 0
    assert RUNNER.invoke(app, ["lint", str(write(tmp_path, GOOD, BAD)), "--check"]).exit_code == 1


def test_a_bad_row_is_told_and_the_run_goes_on(tmp_path: Path) -> None:
    path = write(tmp_path, {"id": "x", "reply": 5}, {"reply": " "}, [1], GOOD)
    result = RUNNER.invoke(app, ["lint", str(path)])
    assert result.exit_code == 3
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert [row["id"] for row in rows] == ["x", 2, 3, "g"]
    assert [("error" in row) for row in rows] == [True, True, True, False]


def test_a_wrong_context_is_a_bad_row(tmp_path: Path) -> None:
    result = RUNNER.invoke(app, ["lint", str(write(tmp_path, {**GOOD, "context": {"public": 1}}))])
    assert result.exit_code == 3
    assert "context.public" in json.loads(result.stdout)["error"]


@pytest.mark.parametrize("raw", [b'{"reply": "\xff"}\n', None])
def test_unusable_input_ends_with_2_and_one_line(tmp_path: Path, raw: bytes | None) -> None:
    path = tmp_path / "replies.jsonl"
    if raw is not None:
        path.write_bytes(raw)
    result = RUNNER.invoke(app, ["lint", str(path)])
    assert result.exit_code == 2
    assert len(result.stderr.strip().splitlines()) == 1


def test_output_goes_to_a_file_but_never_over_the_input(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD)
    out = tmp_path / "out.jsonl"
    assert RUNNER.invoke(app, ["lint", str(path), "-o", str(out)]).exit_code == 0
    assert json.loads(out.read_text())["id"] == "g"
    assert RUNNER.invoke(app, ["lint", str(path), "-o", str(path)]).exit_code == 2


def test_standard_input_is_read() -> None:
    result = RUNNER.invoke(app, ["lint", "-"], input=json.dumps(GOOD))
    assert json.loads(result.stdout)["verdict"] == "clean"


def test_django_is_never_started(tmp_path: Path) -> None:
    program = (
        "import sys; from amends.cli.main import app\n"
        f"try: app(['lint', {str(write(tmp_path, GOOD))!r}])\n"
        "except SystemExit: pass\n"
        "print('django.apps' in sys.modules and sys.modules['django.apps'].apps.ready)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.splitlines()[-1] == "False"
