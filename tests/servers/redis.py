"""A private Redis for the Bluesky network: free port, loopback only, nothing kept."""

from __future__ import annotations

from types import TracebackType

from tests.servers.ports import HOST, free_ports
from tests.servers.programs import Program, find_program, is_listening, make_folder

_HINT = "install the package redis-server, or run python tests/servers/install.py"


class RedisServer:
    """Use as a context manager; `address` is host:port."""

    def __init__(self) -> None:
        self.port = 0
        self._program: Program | None = None

    def __enter__(self) -> RedisServer:
        program = find_program("redis-server", hint=_HINT)
        folder = make_folder("redis")
        (self.port,) = free_ports(1)
        command = [
            program,
            "--port",
            str(self.port),
            "--bind",
            HOST,
            "--save",
            "",
            "--appendonly",
            "no",
        ]
        self._program = Program(command=command, folder=folder)
        self._program.start(is_ready=lambda: is_listening(self.port))
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
    def address(self) -> str:
        return f"{HOST}:{self.port}"
