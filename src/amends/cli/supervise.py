"""Keeps the processes of `amends up` running together, one set for each data folder."""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import typer

from amends.cli.start import Unusable

GRACE = 15.0  # seconds that a process has to finish its row after SIGTERM
QUICK = 5.0  # a process that lives shorter than this is restarted ever more slowly


@contextlib.contextmanager
def hold_data_folder(folder: Path, *, address: str) -> Iterator[None]:
    """Hold the folder for this process; raises Unusable when another `amends up` has it."""
    path = folder / "amends.lock"
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise Unusable(
            f"The data folder {folder} cannot be written ({error.strerror}): check its rights and free "
            f"space, or name another folder with AMENDS_DATA."
        ) from error
    with os.fdopen(descriptor, "r+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            who = file.read().strip() or "another process"
            raise Unusable(
                f"Amends runs on this data already ({who}): use that one, end it first, or name another "
                f"folder with AMENDS_DATA."
            ) from None
        with contextlib.suppress(
            OSError
        ):  # who holds it is a courtesy; a full disk is told elsewhere
            file.truncate()
            file.write(f"process {os.getpid()}, {address}\n")
            file.flush()
        yield


def require_free_port(host: str, port: int) -> None:
    """Raise Unusable when nobody can listen there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Unusable(
                f"Port {port} on {host} cannot be used ({error.strerror}): end the program that has it, "
                f"or choose another one with --port."
            ) from None


@dataclass
class Child:
    """One supervised process."""

    name: str
    arguments: list[str]
    process: subprocess.Popen[bytes]
    started: float
    quick_deaths: int = 0
    due: float | None = None  # when to start again


def supervise(commands: dict[str, list[str]]) -> None:
    """Run `amends` with each list of arguments until SIGTERM or SIGINT; restart what dies."""
    is_stopping = False

    def stop(*_: object) -> None:
        nonlocal is_stopping
        is_stopping = True

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    children = [_start(name, arguments) for name, arguments in commands.items()]
    while not is_stopping:
        for child in children:
            _look_after(child)
        time.sleep(0.2)
    _end(children)


def _start(name: str, arguments: list[str]) -> Child:
    # A group of its own, so that Ctrl+C reaches only the supervisor, which ends the others in order.
    process = subprocess.Popen(  # noqa: S603  # our own command
        [sys.executable, "-m", "amends", *arguments], start_new_session=True
    )
    return Child(name, arguments, process, started=time.monotonic())


def _look_after(child: Child) -> None:
    now = time.monotonic()
    if child.due is not None:
        if now >= child.due:
            again = _start(child.name, child.arguments)
            child.process, child.started, child.due = again.process, again.started, None
        return
    code = child.process.poll()
    if code is None:
        return
    child.quick_deaths = child.quick_deaths + 1 if now - child.started < QUICK else 0
    pause = min(2.0**child.quick_deaths, 60.0) if child.quick_deaths else 0.0
    typer.echo(
        f"amends: the {child.name} ended ({code}); starting it again in {pause:.0f} s", err=True
    )
    child.due = now + pause


def _end(children: list[Child]) -> None:
    for child in children:
        if child.due is None and child.process.poll() is None:
            child.process.terminate()
    deadline = time.monotonic() + GRACE
    for child in children:
        try:
            child.process.wait(max(deadline - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            child.process.kill()
            child.process.wait()
