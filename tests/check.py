"""`make check`: style, types, import contracts, migrations, translations; every gate, in order."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
GATES: tuple[tuple[str, list[str]], ...] = (
    ("style", ["ruff", "check", "-q", "--no-cache", "."]),
    ("format", ["ruff", "format", "-q", "--no-cache", "--check", "."]),
    ("templates", ["djlint", "src/amends", "--lint", "--quiet"]),
    ("import contracts", ["lint-imports", "--no-cache"]),
    ("types", ["mypy"]),
    ("migrations", ["django-admin", "makemigrations", "--check", "--dry-run"]),
    ("system checks", ["django-admin", "check", "--fail-level", "WARNING"]),
    ("translations", ["python", "-m", "tests.translations"]),
)


def main() -> int:
    """Run every gate, also after one has failed: a person wants to see all of it at once."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "AMENDS_DATA": tempfile.mkdtemp(prefix="amends-check-"),
        "PYTHONPATH": str(ROOT),
    }
    failed = []
    for name, command in GATES:
        started = time.monotonic()
        done = subprocess.run(
            [str(BIN / command[0]), *command[1:]],
            cwd=ROOT,
            env=environment,
            check=False,
            capture_output=True,
            text=True,
        )
        verdict = "fine" if done.returncode == 0 else "FAILED"
        print(f"{verdict:7} {name} ({time.monotonic() - started:.0f} s)", flush=True)  # noqa: T201
        if done.returncode:
            failed.append(name)
            print(done.stdout[-6000:] + done.stderr[-6000:])  # noqa: T201
    print(f"{len(GATES) - len(failed)} passed, {len(failed)} failed")  # noqa: T201
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
