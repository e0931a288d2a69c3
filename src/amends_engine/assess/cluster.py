"""Join a Ray cluster, or start one on this machine alone; nothing of it phones home or stays.

Ray and Daft come with the extra `scale`; nothing else imports them.
"""

from __future__ import annotations

import logging
import os
import secrets
import shutil
import socket
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import amends_engine
from amends_engine.assess.errors import EngineStopped
from amends_engine.tables.errors import UnusableInput

ADDRESS = "RAY_ADDRESS"
LOOPBACK = "127.0.0.1"
PATIENCE = 5.0
"""Seconds to wait for the cluster's first answer."""
OBJECT_STORE_BYTES = 512 * 1024 * 1024
QUIET = {
    # Usage statistics: Ray's own name for it, Daft's, and the general one that Daft heeds too.
    "RAY_USAGE_STATS_ENABLED": "0",
    "DAFT_ANALYTICS_ENABLED": "0",
    "DO_NOT_TRACK": "1",
    # Daft asks Ray for the page of a dashboard, and draws bars of its own over ours.
    "RAY_DISABLE_DASHBOARD": "1",
    "DAFT_PROGRESS_BAR": "0",
}
SILENT: Mapping[str, Any] = {"log_to_driver": False, "logging_level": logging.ERROR}


def require_scale() -> None:
    """Raise UnusableInput if the extra `scale` is not installed."""
    if find_spec("ray") is None or find_spec("daft") is None:
        raise UnusableInput(
            "--engine ray needs Daft and Ray, which are not installed: pip install 'amends[scale]'"
        )


@contextmanager
def joined_cluster(*, cores: int | None = None) -> Iterator[int]:
    """Give the number of worker processes to use: one for each core that the cluster has.

    Joins the cluster at RAY_ADDRESS; without it starts one on this machine's cores (or on `cores`
    of them), which listens on 127.0.0.1 only and is stopped at the end, its files removed. Raises
    UnusableInput if the extra is not installed or the cluster cannot be joined, EngineStopped if
    none could be started. A process can do this once: Daft keeps to its first cluster.
    """
    require_scale()
    address = _read_address()
    # Ray reports workers that died on standard output, where the records may be going.
    with _environment(QUIET if address else QUIET | _stay_alone()), redirect_stdout(sys.stderr):
        import ray  # slow to load, and only this engine needs it

        folder = None if address else _make_folder()
        try:
            if address:
                _join(ray, address=address)
            elif folder:
                _start(ray, folder=folder, cores=cores or _count_cores())
            _let_daft_use_ray()
            yield max(1, int(ray.cluster_resources().get("CPU", 1)))
        finally:
            ray.shutdown()
            if folder:
                shutil.rmtree(folder, ignore_errors=True)


def _read_address() -> str | None:
    address = os.environ.get(ADDRESS)
    if not address or address == "local":
        return None
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if host and port.isdecimal():
        # Ray itself tries for minutes, and then ends the process.
        try:
            socket.create_connection((host.strip("[]"), int(port)), timeout=PATIENCE).close()
        except OSError as error:
            raise _not_joined(address, str(error.strerror or error)) from error
    return address


def _not_joined(address: str, reason: str) -> UnusableInput:
    return UnusableInput(
        f"{ADDRESS}={address}: cannot be joined ({reason}); check the address, "
        "or unset it for a Ray on this machine"
    )


def _join(ray: Any, *, address: str) -> None:
    try:
        ray.init(address=address, runtime_env={"env_vars": QUIET}, **SILENT)
    except Exception as error:  # of many kinds, some of them without a word
        raise _not_joined(address, _say(error)) from error


def _start(ray: Any, *, folder: Path, cores: int) -> None:
    try:
        ray.init(
            address="local",
            num_cpus=cores,
            num_gpus=0,
            include_dashboard=False,
            object_store_memory=OBJECT_STORE_BYTES,
            runtime_env={"env_vars": QUIET | {"PYTHONPATH": _code_path()}},
            _node_ip_address=LOOPBACK,
            _temp_dir=str(folder),
            **SILENT,
        )
    except Exception as error:  # above all: a machine so busy that half a minute is too short
        raise EngineStopped(
            f"Ray did not start on this machine ({_say(error)}); try again when it is less busy, "
            "or leave --engine out"
        ) from error


def _say(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0][:160]


def _stay_alone() -> dict[str, str]:
    """Return the environment of a Ray that no other machine and no other user can talk to."""
    return {
        # Ray listens on the address by which other machines know this one, even if it is told
        # 127.0.0.1, unless clusters are switched off (as they always are where Ray is not Linux's).
        "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",
        # A token in the environment, or Ray writes one into the home folder and leaves it there.
        "RAY_AUTH_MODE": "token",
        "RAY_AUTH_TOKEN": secrets.token_hex(32),
    }


def _let_daft_use_ray() -> None:
    import daft  # after the environment says that it must be quiet

    daft.set_runner_ray(noop_if_initialized=True)


def _count_cores() -> int:
    """Return the cores that this process may use; containers and `taskset` give fewer."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _code_path() -> str:
    """Return PYTHONPATH for workers of this machine: the same code as this process runs."""
    root = str(Path(amends_engine.__file__).resolve().parents[1])
    return os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))


def _make_folder() -> Path:
    """Make a private folder with a short name: the paths of Ray's sockets must not exceed 107."""
    short = Path("/tmp")  # noqa: S108 - mkdtemp makes a private folder below it
    return Path(tempfile.mkdtemp(prefix="amends-ray-", dir=short if short.is_dir() else None))


@contextmanager
def _environment(values: Mapping[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
