"""Killing workers at random moments: every reply stands exactly once on a real server, or is visibly unknown.

The numbers can be set: AMENDS_KILL_REPLIES, AMENDS_KILL_TIMES, AMENDS_KILL_SEED.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psycopg
import pytest

from tests.pipeline.prepare_replies import CONNECTED
from tests.servers.bluesky import POST, BlueskyNetwork, BlueskyPerson
from tests.servers.postgres import PostgresServer

pytestmark = [pytest.mark.integration, pytest.mark.own_database, pytest.mark.timeout(900)]

REPLIES = int(os.environ.get("AMENDS_KILL_REPLIES", "200"))
KILLS = int(os.environ.get("AMENDS_KILL_TIMES", "20"))
SEED = int(os.environ.get("AMENDS_KILL_SEED", "0")) or random.SystemRandom().randrange(1, 10**9)
LEASE_SECONDS = 3
STATUSES = "SELECT status, count(*) FROM replies_delivery GROUP BY status"
UNKNOWN = (
    "SELECT r.text FROM replies_delivery d JOIN replies_reply r ON r.id = d.reply_id "
    "WHERE d.status = 'unknown'"
)


@dataclass
class Desk:
    """A desk of which only the workers run; its tables are looked at from outside."""

    database_url: str
    allow: str
    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="amends-kill-")))

    @property
    def environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("AMENDS_", "DJANGO_"))}
        return {
            **kept,
            "AMENDS_DATA": str(self.folder),
            "AMENDS_LEASE_SECONDS": str(LEASE_SECONDS),
            "AMENDS_OUTBOUND_ALLOW": self.allow,
            "AMENDS_LOG_LEVEL": "WARNING",
            "DATABASE_URL": self.database_url,
        }

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=400,
        )

    def start_worker(self) -> subprocess.Popen[bytes]:
        with (self.folder / "worker.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "amends", "worker"],
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def ask(self, query: str) -> list[tuple[str, int]]:
        if self.database_url:
            with psycopg.connect(self.database_url) as connection:
                return connection.execute(query).fetchall()
        path = self.folder / "amends.sqlite3"
        with closing(sqlite3.connect(path, timeout=20)) as connection:
            return connection.execute(query).fetchall()

    def statuses(self) -> dict[str, int]:
        return dict(self.ask(STATUSES))


@pytest.fixture(params=["sqlite with one worker", "postgresql with three workers"])
def desk(
    request: pytest.FixtureRequest,
    bluesky_network: BlueskyNetwork,
    postgres_server: PostgresServer,
) -> tuple[Desk, int]:
    allow = ",".join(f"{host}:{port}" for host, port in bluesky_network.allowed)
    is_postgres = request.param.startswith("postgresql")
    url = postgres_server.create_database("kill") if is_postgres else ""
    return Desk(url, allow), 3 if is_postgres else 1


def test_killed_workers_leave_every_reply_sent_exactly_once_or_visibly_unknown(
    desk: tuple[Desk, int], bluesky_network: BlueskyNetwork
) -> None:
    office, workers = desk
    brand = prepare(office, network=bluesky_network)
    assert office.statuses() == {"ready": REPLIES}

    struck = kill_at_random(office, workers=workers)
    assert struck >= KILLS // 2, (
        f"only {struck} of {KILLS} kills came while replies were being sent"
    )

    standing = Counter(texts_in_the_repository_of(brand, network=bluesky_network))
    unknown = {text for (text,) in office.ask(UNKNOWN)}  # type: ignore[misc]
    expected = {f"Bu C-{number} için yanıtımızdır." for number in range(1, REPLIES + 1)}
    assert not {text for text, times in standing.items() if times > 1}, f"sent twice, seed {SEED}"
    assert expected - set(standing) <= unknown, f"lost without a word, seed {SEED}"
    left = office.statuses()
    assert set(left) <= {"sent", "unknown"}, f"{left}, seed {SEED}"
    assert sum(left.values()) == REPLIES

    sealed = office.run("tests.pipeline.seal_once")
    assert sealed.returncode == 0, sealed.stderr
    verified = office.run("amends", "log", "verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr


def prepare(office: Desk, *, network: BlueskyNetwork) -> BlueskyPerson:
    """A brand, a customer with many complaints (a thread each, so a case each), and approved answers."""
    brand, customer = network.join("kill"), network.join("ayse")
    account = {
        "handle": brand.handle,
        "app_password": brand.password,
        "service": network.pds,
        "directory": network.plc,
    }
    request = {"account": account, "count": REPLIES}
    ready = subprocess.Popen(
        [sys.executable, "-m", "tests.pipeline.prepare_replies", json.dumps(request)],
        env=office.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert ready.stdout is not None
    heard = []
    for line in ready.stdout:
        heard.append(line)
        if line.strip() == CONNECTED:
            break
    else:
        pytest.fail("".join(heard)[-3000:])
    for number in range(REPLIES):
        text = f"@{brand.handle} kargom nerede, {number}. kez soruyorum"
        customer.post(text, mentioning=brand, language="tr")
    said, _ = ready.communicate(timeout=400)
    assert ready.returncode == 0, said[-3000:]
    return brand


def kill_at_random(office: Desk, *, workers: int) -> int:
    """Kill a worker at random moments and start another, then let them finish.

    Returns how many of the kills came while replies were still waiting.
    """
    chance = random.Random(SEED)
    struck = 0
    crew = [office.start_worker() for _ in range(workers)]
    try:
        for _ in range(KILLS):
            before = office.statuses().get("ready", 0)
            wait_for(
                lambda before=before: office.statuses().get("ready", 0) < before or before == 0
            )
            time.sleep(chance.uniform(0, 0.5))
            struck += "ready" in office.statuses()
            victim = chance.randrange(workers)
            crew[victim].send_signal(signal.SIGKILL)
            crew[victim].wait()
            crew[victim] = office.start_worker()
        wait_for(lambda: not {"ready", "sending"} & set(office.statuses()), seconds=240)
    finally:
        for one in crew:
            one.kill()
            one.wait()
    return struck


def wait_for(look: object, *, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not look():  # type: ignore[operator]
        assert time.monotonic() < deadline, f"nothing moved for {seconds:.0f} s, seed {SEED}"
        time.sleep(0.02)


def texts_in_the_repository_of(person: BlueskyPerson, *, network: BlueskyNetwork) -> list[str]:
    """Every answer that stands in the person's own repository."""
    texts: list[str] = []
    cursor = ""
    while True:
        page = httpx.get(
            f"{network.pds}/xrpc/com.atproto.repo.listRecords",
            params={"repo": person.did, "collection": POST, "limit": 100, "cursor": cursor},
            timeout=30,
        ).json()
        texts += [one["value"]["text"] for one in page["records"] if "reply" in one["value"]]
        cursor = page.get("cursor", "")
        if not cursor:
            return texts
