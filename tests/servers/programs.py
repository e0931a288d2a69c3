"""Starts a server program, waits until it answers, and ends it by its process id."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.servers.ports import HOST

ROOT = Path(__file__).resolve().parents[2]
TESTNET = Path(os.environ.get("AMENDS_TESTNET") or ROOT / ".testnet")
_UNPRIVILEGED = ("postgres", "nobody")


class ServerMissingError(Exception):
    """A program that a test server needs is not on this machine; the message says how to get it."""


class ServerFailedError(Exception):
    """A server did not start or died; the message ends with what it wrote."""


@dataclass(frozen=True, kw_only=True)
class Account:
    """The operating system user that a server runs as."""

    name: str
    uid: int
    gid: int


@dataclass(kw_only=True)
class Program:
    """A running server with a folder of its own, which goes when the server goes."""

    command: list[str]
    folder: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    account: Account | None = None
    end_signal: signal.Signals = signal.SIGTERM
    process: subprocess.Popen[bytes] | None = None
    _guardian: subprocess.Popen[bytes] | None = None

    def start(self, *, is_ready: Callable[[], bool], seconds: float = 60) -> None:
        """Start and wait until `is_ready`, else ServerFailedError with the end of its output."""
        user = {} if self.account is None else {"user": self.account.uid, "group": self.account.gid}
        if self.account is not None:
            user["extra_groups"] = []  # type: ignore[assignment]
        with (self.folder / "output.log").open("wb") as output:
            self.process = subprocess.Popen(
                self.command,
                cwd=self.folder,
                env={**os.environ, "TMPDIR": str(self.folder), **self.environment},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl+C must not end it before its tests
                **user,  # type: ignore[call-overload]
            )
        self._guardian = _watch(self.process.pid, end_signal=self.end_signal, folder=self.folder)
        deadline = time.monotonic() + seconds
        while not is_ready():
            if self.process.poll() is not None or time.monotonic() > deadline:
                said = self.output()[-2000:]
                self.stop()
                raise ServerFailedError(f"{self.command[0]} did not start:\n{said}")
            time.sleep(0.05)

    def output(self) -> str:
        """What the server has written so far."""
        log = self.folder / "output.log"
        return log.read_text(errors="replace") if log.exists() else ""

    def stop(self, *, seconds: float = 10) -> None:
        """End the server, by force if it does not listen, and remove its folder."""
        process, self.process = self.process, None
        guardian, self._guardian = self._guardian, None
        if guardian is not None:
            guardian.kill()
            guardian.communicate()
        if process is not None:
            if process.poll() is None:
                process.send_signal(self.end_signal)
            try:
                process.wait(seconds)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def _watch(pid: int, *, end_signal: signal.Signals, folder: Path) -> subprocess.Popen[bytes]:
    """A shell that ends the server should we be killed: the pipe to it closes with us."""
    script = 'read -r _; kill -s "$1" "$2" && sleep 3; rm -rf -- "$3"'
    name = end_signal.name.removeprefix("SIG")
    return subprocess.Popen(
        ["/bin/sh", "-c", script, "guardian", name, str(pid), str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def find_program(name: str, *, folders: tuple[Path, ...] = (), hint: str) -> str:
    """The path of a program; ServerMissingError with `hint` where there is none."""
    for folder in folders:
        if os.access(folder / name, os.X_OK):
            return str(folder / name)
    found = shutil.which(name)
    if found is None:
        raise ServerMissingError(f"{name} is not installed: {hint}")
    return found


def unprivileged_account() -> Account | None:
    """Who a server runs as that refuses to run as root; None where we are not root anyway."""
    if os.geteuid() != 0:
        return None
    for name in _UNPRIVILEGED:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name=name, uid=entry.pw_uid, gid=entry.pw_gid)
    raise ServerMissingError("there is no unprivileged user: add the user nobody")


def make_folder(name: str, *, account: Account | None = None) -> Path:
    """A temporary folder that the server's user owns."""
    folder = Path(tempfile.mkdtemp(prefix=f"amends-{name}-"))
    if account is not None:
        os.chown(folder, account.uid, account.gid)
    return folder


def is_listening(port: int) -> bool:
    """Whether somebody accepts connections on a port of loopback."""
    try:
        with socket.create_connection((HOST, port), timeout=0.5):
            return True
    except OSError:
        return False
