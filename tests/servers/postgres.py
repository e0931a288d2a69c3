"""A private PostgreSQL for the tests: own folder, free port, loopback only, gone afterwards."""

from __future__ import annotations

import re
import secrets
import signal
import subprocess
from pathlib import Path
from types import TracebackType

import psycopg

from tests.servers.ports import HOST, free_ports
from tests.servers.programs import (
    Account,
    Program,
    ServerFailedError,
    find_program,
    make_folder,
    unprivileged_account,
)

_HINT = "install the package postgresql, or run python tests/servers/install.py"


class PostgresServer:
    """Use as a context manager; `url` leads to an empty database, `create_database` makes more."""

    def __init__(self) -> None:
        self.port = 0
        self._program: Program | None = None

    def __enter__(self) -> PostgresServer:
        account = unprivileged_account()
        folders = program_folders()
        initdb = find_program("initdb", folders=folders, hint=_HINT)
        postgres = find_program("postgres", folders=folders, hint=_HINT)
        folder = make_folder("postgres", account=account)
        data = folder / "data"
        _create_cluster(initdb, data=data, account=account)
        (self.port,) = free_ports(1)
        options = {
            "listen_addresses": HOST,
            "port": self.port,
            "unix_socket_directories": folder,
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
            "max_connections": 300,
        }
        self._program = Program(
            command=[postgres, "-D", str(data), *(f"--{k}={v}" for k, v in options.items())],
            folder=folder,
            account=account,
            end_signal=signal.SIGINT,  # "fast": it does not wait for clients that forgot to leave
        )
        self._program.start(is_ready=self._is_ready)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._program is not None:
            self._program.stop()

    @property
    def url(self) -> str:
        return self.url_of("postgres")

    def url_of(self, database: str) -> str:
        """The address of one database, as DATABASE_URL wants it."""
        return f"postgresql://postgres@{HOST}:{self.port}/{database}"

    def create_database(self, prefix: str = "test") -> str:
        """Make an empty database of an unused name and return its address."""
        name = f"{prefix}_{secrets.token_hex(4)}"
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(
                psycopg.sql.SQL("CREATE DATABASE {}").format(psycopg.sql.Identifier(name))
            )
        return self.url_of(name)

    def _is_ready(self) -> bool:
        try:
            psycopg.connect(self.url, connect_timeout=1).close()
        except psycopg.Error:
            return False
        return True


def program_folders() -> tuple[Path, ...]:
    """Where Debian and its kin put the server's programs, newest first; elsewhere PATH is asked."""

    def version(folder: Path) -> tuple[int, ...]:
        return tuple(int(part) for part in re.findall(r"\d+", folder.parent.name))

    return tuple(sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=version, reverse=True))


def _create_cluster(initdb: str, *, data: Path, account: Account | None) -> None:
    user = (
        {} if account is None else {"user": account.uid, "group": account.gid, "extra_groups": []}
    )
    made = subprocess.run(  # type: ignore[call-overload]
        [
            *(initdb, "-D", str(data), "-U", "postgres", "--auth=trust", "--no-sync"),
            *("--encoding=UTF8", "--locale=C.UTF-8"),
        ],
        cwd=data.parent,
        capture_output=True,
        text=True,
        check=False,
        **user,
    )
    if made.returncode != 0:
        raise ServerFailedError(f"initdb failed:\n{made.stderr[-2000:]}")
