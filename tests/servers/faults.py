"""A real HTTP server on loopback that misbehaves on demand: every way in which a channel may fail us."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

from tests.servers.ports import HOST


@dataclass(kw_only=True)
class Request:
    """What a client asked."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(kw_only=True)
class Answer:
    """What the server says; `fault` makes it misbehave instead of, or while, answering."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b"{}"
    fault: str = ""  # hang | cut | cut_in_body | drip

    @staticmethod
    def of(value: Any, *, status: int = 200, headers: dict[str, str] | None = None) -> Answer:
        """A JSON answer."""
        return Answer(status=status, headers=headers or {}, body=json.dumps(value).encode())


Script = Callable[[Request], Answer]


class FaultServer:
    """Use as a context manager; `script` answers, and may be replaced at any moment."""

    def __init__(self, script: Script | None = None) -> None:
        self.script: Script = script or (lambda request: Answer())
        self.requests: list[Request] = []
        self._ending = threading.Event()
        self._server = _Server((HOST, 0), _Visitor)
        self._server.owner = self
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), daemon=True
        )

    def __enter__(self) -> FaultServer:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ending.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    @property
    def allowed(self) -> frozenset[tuple[str, int]]:
        """What the outbound guard must let through to reach this server."""
        return frozenset({(HOST, self.port)})

    def wait(self, seconds: float) -> bool:
        """Sleep, but not beyond the end of the server."""
        return self._ending.wait(seconds)


class _Server(ThreadingHTTPServer):
    owner: FaultServer
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that go away while we misbehave are expected."""


class _Visitor(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def _answer(self) -> None:
        owner = self.server.owner
        length = int(self.headers.get("content-length") or 0)
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(
            method=self.command, path=self.path, headers=headers, body=self.rfile.read(length)
        )
        owner.requests.append(request)
        answer = owner.script(request)
        if answer.fault == "hang":
            owner.wait(30)
        if answer.fault in ("hang", "cut"):
            self._cut()
            return
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if answer.fault == "cut_in_body":
            self.wfile.write(answer.body[: len(answer.body) // 2])
            self._cut()
        elif answer.fault == "drip":
            for byte in answer.body:
                self.wfile.write(bytes([byte]))
                if owner.wait(0.1):
                    return
        else:
            self.wfile.write(answer.body)

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _answer  # noqa: N815 - names of http.server

    def _cut(self) -> None:
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, format: str, *args: Any) -> None:
        """Silent."""
