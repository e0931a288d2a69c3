"""A messenger of a person, as a small HTTP server, and the worker that brings notices to it."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from amends.accounts.change_notices import add_address
from amends.accounts.deliver_notice import deliver_notice
from amends.accounts.models import NoticeDelivery, User
from amends.accounts.notify import DELIVER_NOTICE
from amends.cases.tell import known_outside
from amends.connectors.kit.guard import OutboundGuard
from amends.core.clock import ScriptedClock
from amends.work.claim import claim_next


class Messenger:
    """A server that takes messages as apprise sends them."""

    def __init__(self) -> None:
        self.got: list[dict[str, Any]] = []
        self.status = 200
        self.moved_to = ""
        taken, outer = self.got, self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers.get("Content-Length", 0))
                body = self.rfile.read(length)
                if outer.status == 200:
                    taken.append(json.loads(body))
                self.send_response(outer.status)
                if outer.moved_to:
                    self.send_header("Location", outer.moved_to)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *args: object) -> None: ...

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_port
        self.address = f"json://127.0.0.1:{self.port}/told"
        self.guard = OutboundGuard(allow={("127.0.0.1", self.port)})


@pytest.fixture
def messenger() -> Iterator[Messenger]:
    made = Messenger()
    thread = threading.Thread(target=made.server.serve_forever, daemon=True)
    thread.start()
    yield made
    made.server.shutdown()
    made.server.server_close()
    thread.join()


@pytest.fixture
def reached(other_agent: User, messenger: Messenger, now: datetime) -> User:
    """A colleague with a messenger."""
    add_address(other_agent, label="Phone", address=messenger.address, now=now)
    User.objects.filter(pk=other_agent.pk).update(time_zone="Europe/Istanbul")
    other_agent.refresh_from_db()
    return other_agent


@pytest.fixture
def deliver(clock: ScriptedClock, messenger: Messenger) -> Callable[[], int]:
    """The worker brings what is due."""

    def run(guard: OutboundGuard | None = None) -> int:
        count = 0
        lease = timedelta(seconds=60)
        while claim := claim_next(
            NoticeDelivery, step=DELIVER_NOTICE, now=clock.now(), lease=lease
        ):
            deliver_notice(
                claim, clock=clock, guard=guard or messenger.guard, knowledge=known_outside
            )
            count += 1
        return count

    return run
