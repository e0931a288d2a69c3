"""`make test`: gets the servers, then runs everything on SQLite and on PostgreSQL.

What cannot be had is said in one line and its tests are not run; with CI=true that is a failure.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from tests.servers.postgres import PostgresServer
from tests.servers.programs import ServerMissingError

ROOT = Path(__file__).resolve().parent.parent
WITH_DATABASE = [
    f"tests/{name}"
    for name in (
        "accounts",
        "cases",
        "hooks",
        "inbox",
        "learning",
        "measures",
        "pipeline",
        "record",
        "replies",
        "reports",
        "sandbox",
        "web",
        "work",
    )
]


def main() -> int:
    in_ci = os.environ.get("CI") == "true"
    install = [sys.executable, str(ROOT / "tests" / "servers" / "install.py")]
    missing = subprocess.run(install, cwd=ROOT, check=False).returncode
    if missing and in_ci:
        return missing
    failed = []
    stages = (
        ("SQLite", lambda: run_pytest("-m", "not journey and not cluster", "-n", "2")),
        # In one process: each would start a Ray of its own, and none gives up its cores.
        ("a cluster", lambda: run_pytest("-m", "cluster")),
        ("PostgreSQL", run_on_postgres),
        ("the journeys in a browser", lambda: run_pytest("-m", "journey")),
    )
    for name, stage in stages:
        started = time.monotonic()
        print(f"\n=== {name}", flush=True)  # noqa: T201
        code = stage()
        print(f"=== {name}: {time.monotonic() - started:.0f} s, exit {code}", flush=True)  # noqa: T201
        if code:
            failed.append(name)
    if failed:
        print(f"\nFailed: {', '.join(failed)}")  # noqa: T201
    return 1 if failed or (missing and in_ci) else 0


def run_pytest(*arguments: str, **environment: str) -> int:
    command = [sys.executable, "-m", "pytest", "-q", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env={**os.environ, **environment}, check=False
    ).returncode


def run_on_postgres() -> int:
    """Everything that touches the database, once more on PostgreSQL."""
    try:
        with PostgresServer() as server:
            return run_pytest(
                *WITH_DATABASE,
                "-m",
                "not journey and not own_database",
                "-n",
                "2",
                DATABASE_URL=server.create_database(),
            )
    except ServerMissingError as error:
        print(f"not run on PostgreSQL: {error}")  # noqa: T201
        return 1 if os.environ.get("CI") == "true" else 0


if __name__ == "__main__":
    sys.exit(main())
