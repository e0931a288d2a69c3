"""A whole desk as its owner starts it: `amends up` with a folder of its own, seen from outside only."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import TracebackType

import httpx

from tests.servers.ports import HOST, free_ports

START_LIMIT = 150.0
OURS = ("AMENDS_", "DJANGO_")  # what the test run sets for itself


class DeskFailedError(Exception):
    """The desk did not start; the message ends with what it wrote."""


class RunningDesk:
    """Use as a context manager; `address` is where it listens, `first_link` creates the owner."""

    def __init__(self, *, command: str = "up", database_url: str = "", allow: str = "") -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="amends-journey-"))
        (self.port,) = free_ports(1)
        self.address = f"http://{HOST}:{self.port}"
        self.first_link = ""
        self._command = command
        self._process: subprocess.Popen[bytes] | None = None
        self._environment = {
            **{name: text for name, text in os.environ.items() if not name.startswith(OURS)},
            "AMENDS_DATA": str(self.folder),
            "AMENDS_OUTBOUND_ALLOW": allow,
            "AMENDS_LOG_LEVEL": "WARNING",
            "PYTHONUNBUFFERED": "1",
            "DATABASE_URL": database_url,
        }

    def __enter__(self) -> RunningDesk:
        with (self.folder / "output.log").open("ab") as output:
            self._process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "amends", self._command),
                    *("--host", HOST, "--port", str(self.port)),
                ],
                env=self._environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._wait_until_it_answers()
        found = re.search(r"http://\S+/setup/\S+/", self.output())
        self.first_link = found.group() if found else ""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            self._process.wait(30)

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Another `amends` command on the same data."""
        return subprocess.run(
            [sys.executable, "-m", "amends", *arguments],
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    def output(self) -> str:
        return (self.folder / "output.log").read_text(errors="replace")

    def _wait_until_it_answers(self) -> None:
        limit = START_LIMIT if self._command == "up" else 300.0
        deadline = time.monotonic() + limit
        while time.monotonic() < deadline:
            if self._process is None or self._process.poll() is not None:
                break
            try:
                if httpx.get(f"{self.address}/healthz", timeout=2).status_code == 200:
                    return
            except httpx.HTTPError:
                time.sleep(0.2)
        self.__exit__(None, None, None)
        raise DeskFailedError(f"the desk did not start:\n{self.output()[-3000:]}")
