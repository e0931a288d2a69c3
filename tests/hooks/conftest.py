"""A system of somebody else that is told what happens here: a real server, ours to break."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from amends.accounts.models import User, Workspace
from amends.connectors.kit.transport import Bounds
from amends.core.clock import ScriptedClock
from amends.hooks import deliver
from amends.hooks.events import EVENTS
from amends.hooks.gather import gather_events
from amends.hooks.models import WebhookSubscription
from amends.hooks.subscribe import subscribe
from amends.pipeline.desk import Desk
from amends.pipeline.runner import run_due
from amends.pipeline.steps import ERRANDS
from amends.record.seal import seal_log
from tests.servers.faults import FaultServer


@dataclass
class Crm:
    """What it was told, and the desk that tells it."""

    server: FaultServer
    hook: WebhookSubscription
    secret: str
    desk: Desk
    clock: ScriptedClock
    folder: Path

    def live(self, *, rounds: int = 1) -> None:
        """Seal, gather and tell, as clock and worker do."""
        for _ in range(rounds):
            now = self.clock.now()
            seal_log(now=now, keys_dir=self.folder, heads_file=self.folder / "heads.jsonl")
            gather_events(now=now)
            run_due(self.desk, steps=ERRANDS)

    def wait(self, span: timedelta, *, step: timedelta = timedelta(minutes=30)) -> None:
        """Let time pass in which the worker runs."""
        end = self.clock.now() + span
        while self.clock.now() < end:
            self.clock.advance(step)
            self.live()

    @property
    def told(self) -> list[dict[str, Any]]:
        return [json.loads(request.body) for request in self.server.requests]

    @property
    def events(self) -> list[str]:
        return [one["event"] for one in self.told]


@pytest.fixture
def crm(
    workspace: Workspace, lead: User, desk: Desk, clock: ScriptedClock, tmp_path: Path,
    settings: SimpleNamespace, monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Crm]:  # fmt: skip
    """A subscription of a lead to every event, on a server that takes everything."""
    bounds = Bounds(connect_seconds=0.5, read_seconds=0.5, total_seconds=1.0, max_bytes=100_000)
    monkeypatch.setattr(deliver, "BOUNDS", bounds)
    with FaultServer() as server:
        settings.OUTBOUND_ALLOW = [f"127.0.0.1:{server.port}"]
        hook, secret = subscribe(
            workspace, url=f"{server.url}/hook?key=k", events=EVENTS, by=lead, now=clock.now()
        )
        made = Crm(server, hook, secret, desk, clock, tmp_path)
        made.live()  # the place in the record stands before anything happens
        yield made


@pytest.fixture
def make_hook(
    workspace: Workspace, now: datetime
) -> Callable[..., tuple[WebhookSubscription, str]]:
    def make(by: User, **changes: Any) -> tuple[WebhookSubscription, str]:
        said = {"url": "https://crm.example/hook", "events": ["case.created"]} | changes
        return subscribe(workspace, by=by, now=now, **said)

    return make
