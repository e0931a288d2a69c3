"""A channel whose server is ours to break: the practice network's interface on a real, faulty server."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import pytest

from amends.accounts.models import Brand, Workspace
from amends.connectors import registry
from amends.connectors.channels import sandbox
from amends.connectors.kit import http
from amends.connectors.kit.manifest import Action
from amends.connectors.kit.transport import Bounds
from amends.core.clock import ScriptedClock
from amends.inbox.credentials import seal
from amends.inbox.models import ChannelAccount
from amends.pipeline.desk import Desk
from amends.pipeline.runner import run_until_idle
from amends.record.models import ActionLog
from amends.replies.models import Delivery
from tests.servers.faults import Answer, FaultServer, Request

FORGETFUL = "forgetful"  # the kind of channel that writes a second reply when it is asked twice
AUTHOR = {"id": "a-1", "handle": "ayse", "name": "Ayşe K.", "url": "", "followers": 3}


@dataclass
class Network:
    """What stands on the server, and how it behaves; `broken` answers writes as long as it is set."""

    server: FaultServer
    now: datetime
    is_forgetful: bool = False
    replies: list[tuple[str, str]] = field(default_factory=list)  # key and text, as they stand
    events: int = 0  # how many posts it has told of
    revision: int = 1
    is_gone: bool = False
    is_deaf: bool = False  # stores what is sent, but never shows it
    broken: Callable[[], Answer] | None = None
    stores_when_broken: bool = True
    reads: Callable[[], Answer] | None = None

    def answer(self, request: Request) -> Answer:
        """What the server says to a request."""
        kind, _, name = urlsplit(request.path).path.removeprefix("/api/").partition("/")
        if request.method == "PUT":
            return self._write(name, request.json()["text"])
        if self.reads is not None:
            return self.reads()
        if kind == "replies":
            return self._show(name)
        if kind == "events":
            after = int(parse_qs(urlsplit(request.path).query)["after"][0])
            told = [self._told(number) for number in range(after, self.events)]
            return Answer.of({"events": told, "cursor": self.events, "more": False})
        if name.endswith("/thread"):
            return Answer.of({"posts": [self._post()]})
        if kind == "people":
            return Answer.of(AUTHOR)
        gone = Answer.of({"error": "gone", "deleted_by": "author"}, status=410)
        return gone if self.is_gone else Answer.of(self._post())

    def writes(self) -> int:
        """How often a reply was sent here, whatever became of it."""
        return sum(request.method == "PUT" for request in self.server.requests)

    def _write(self, key: str, text: str) -> Answer:
        if self.broken is None or self.stores_when_broken:
            standing = [known for known, _ in self.replies]
            if self.is_forgetful or key not in standing:
                self.replies.append((key, text))
        return self.broken() if self.broken else self._show(key)

    def _show(self, key: str) -> Answer:
        found = next((text for known, text in self.replies if known == key), None)
        if found is None or (self.is_deaf and self.broken is None):
            return Answer.of({"error": "no reply"}, status=404)
        return Answer.of({**self._post(), "id": f"r-{key}", "text": found, "url": f"/r/{key}"})

    def _told(self, number: int) -> dict[str, object]:
        name = f"e-{number}"
        return {
            "type": "created",
            "post_id": name,
            "post": {**self._post(), "id": name, "root_id": name},
        }

    def _post(self) -> dict[str, object]:
        return {
            "id": "c-1",
            "root_id": "c-1",
            "author": AUTHOR,
            "text": "Kargom nerede?" if self.revision == 1 else "Kargom geldi",
            "created_at": self.now.isoformat(),
            "edited_at": None if self.revision == 1 else self.now.isoformat(),
            "is_mine": False,
            "revision": self.revision,
            "url": "",
        }


@pytest.fixture
def network(
    now: datetime, settings: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Network]:
    """The server, reachable through the guard, with the patience of a test."""
    with open_network(now, settings=settings, monkeypatch=monkeypatch) as made:
        yield made


@contextmanager
def open_network(
    now: datetime, *, settings: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Network]:
    manifest = sandbox.MANIFEST
    once = replace(manifest.capabilities[Action.REPLY], idempotent=False)
    forgetful = replace(
        manifest, kind=FORGETFUL, capabilities={**manifest.capabilities, Action.REPLY: once}
    )
    kinds = {
        **registry._modules(),
        FORGETFUL: SimpleNamespace(MANIFEST=forgetful, Channel=sandbox.Channel),
    }
    monkeypatch.setattr(registry, "_modules", lambda: kinds)
    monkeypatch.setattr(http, "Bounds", lambda: Bounds(read_seconds=0.4, total_seconds=2))
    with FaultServer() as server:
        settings.OUTBOUND_ALLOW = [f"127.0.0.1:{server.port}"]
        made = Network(server, now)
        server.script = made.answer
        yield made


@pytest.fixture
def account_there(
    workspace: Workspace, brand: Brand, network: Network, now: datetime
) -> ChannelAccount:
    """Our account on that server."""
    return ChannelAccount.objects.create(
        workspace=workspace,
        brand=brand,
        kind="sandbox",
        host=f"127.0.0.1:{network.server.port}",
        external_id="us",
        label="Practice",
        settings={"base_url": f"{network.server.url}/api"},
        sealed_settings=seal({"token": "t"}),
        connected_at=now - timedelta(days=1),
    )


def garbage() -> Answer:
    return Answer(body=b"<html>Bad Gateway</html>")


def half() -> Answer:
    return Answer(body=json.dumps({"id": "r", "url": "x" * 500}).encode(), fault="cut_in_body")


def live(desk: Desk, clock: ScriptedClock, *, minutes: int = 30) -> Delivery:
    """Let the desk run until nothing more happens to the delivery."""
    for _ in range(minutes * 6):
        run_until_idle(desk)
        delivery = Delivery.objects.get()
        if delivery.status in {"sent", "failed"} or delivery.due_at is None:
            break
        clock.advance(timedelta(seconds=10))
    return delivery


def log(action: str) -> list[dict[str, object]]:
    """What the entries of an action say."""
    return list(ActionLog.objects.filter(action=action).values_list("data", flat=True))
