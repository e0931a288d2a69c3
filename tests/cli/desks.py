"""Desks in data folders of their own, filled by a script in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.journeys.desk import OURS

PREPARE = """
from amends.cli.start import start_django
start_django()
from amends.cli.serve import prepare_database
prepare_database()
from amends.accounts.models import Brand, Workspace
from amends.core.clock import SystemClock
clock = SystemClock()
made = Workspace.objects.create(name="Lumen", slug="lumen", created_at=clock.now())
brand = Brand.objects.create(workspace=made, name="Lumen", slug="lumen")
"""


def environment(data: str | Path, **more: str) -> dict[str, str]:
    """That of a person at this desk, with nothing of this test run in it."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith(OURS)}
    kept.pop("DATABASE_URL", None)
    return {**kept, "AMENDS_DATA": str(data), "AMENDS_KEYS": f"{data}-keys", **more}


def run_script(script: str, data: str | Path, **more: str) -> str:
    """What a script says that runs at the desk."""
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=environment(data, **more),
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def run_amends(
    *arguments: object, data: str | Path, **more: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "amends", *[str(one) for one in arguments]],
        env=environment(data, **more),
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
