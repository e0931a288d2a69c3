"""Rules that no tool checks for us: sizes of files, and nothing of a machine in the tree."""

from __future__ import annotations

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MAX_LINES = 400
MAX_BYTES = 3_000_000


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    return [
        ROOT / name
        for name in listed.stdout.decode().split("\0")
        if name and (ROOT / name).is_file()
    ]


def test_no_module_is_longer_than_four_hundred_lines() -> None:
    code = [path for path in tracked() if path.suffix == ".py" and "migrations" not in path.parts]
    long = {
        str(path.relative_to(ROOT)): lines
        for path in code
        if (lines := path.read_text(encoding="utf-8").count("\n")) > MAX_LINES
    }
    assert not long


def test_only_the_model_is_a_large_file() -> None:
    large = [path for path in tracked() if path.stat().st_size > MAX_BYTES]
    assert all("artefacts" in path.parts for path in large)


def test_weights_are_no_pickles() -> None:
    assert not [path for path in tracked() if path.suffix in {".pkl", ".pickle", ".joblib", ".pt"}]
