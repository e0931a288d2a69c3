"""Fifty people at once on `amends web` for five minutes: no error, and how long they wait.

Run from the repository root: python -m benchmarks.load [--people 50] [--seconds 300] [--comments 20000]
It fills a database of its own, starts the server on a free port of this machine, and lets locust play people
who look at lists, search while they type, open cases and keep the pulse of the page beating. Needs locust
(requirements/benchmarks.txt). Goal: no error, 95 of 100 answers within 300 ms on two cores.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx

from tests.servers.ports import HOST, free_ports

WORDS = ("refund", "kargom", "посылка", "pakket", "pesanan", '"nobody answers"', "zeppelin", "cour")
VIEWS = ("mine", "unassigned", "all", "due_soon", "approvals")
FILTERS = ("?severity=high", "?language=tr&severity=critical", "?order=newest", "?order=severity")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--seconds", type=int, default=300)
    parser.add_argument("--comments", type=int, default=20_000)
    parser.add_argument("--play", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.play:
        return play(Path(options.play), options=options)
    folder = Path(tempfile.mkdtemp(prefix="amends-load-"))
    (port,) = free_ports(1)
    os.environ["AMENDS_DATA"] = str(folder)
    os.environ.setdefault("AMENDS_LOG_LEVEL", "ERROR")
    sessions = prepare(options.comments, people=options.people)
    (folder / "sessions.json").write_text(json.dumps({"port": port, "sessions": sessions}))
    web = [sys.executable, "-m", "amends", "web", "--host", HOST, "--port", str(port)]
    served = subprocess.Popen(web)
    try:
        _wait_for(port)
        # In a process of its own: locust patches the sockets of the one that it lives in.
        sizes = ["--people", str(options.people), "--seconds", str(options.seconds)]
        command = [sys.executable, "-m", "benchmarks.load", "--play", str(folder), *sizes]
        return subprocess.run(command, check=False).returncode
    finally:
        served.terminate()
        served.wait(20)


def prepare(comments: int, *, people: int) -> list[str]:
    """Fill the database; returns the keys of sessions, one for each person."""
    from amends.cli.serve import prepare_database
    from amends.cli.start import start_django

    start_django()
    prepare_database()
    from django.conf import settings
    from django.test import Client

    from amends.core.clock import SystemClock
    from amends.replies.index_search import index_all
    from benchmarks.inbox_rows import Desk, fill

    desk = Desk(now=SystemClock().now())
    fill(desk, comments)
    index_all()
    keys = []
    for n in range(people):
        client = Client(SERVER_NAME=HOST)
        client.force_login(desk.people[n % len(desk.people)])
        keys.append(client.cookies[settings.SESSION_COOKIE_NAME].value)
    return keys


def play(folder: Path, *, options: argparse.Namespace) -> int:
    """Let the people in, wait, and say how it was; 1 when anything went wrong."""
    import gevent
    from locust.env import Environment

    told = json.loads((folder / "sessions.json").read_text())
    person = person_class(told["sessions"], host=f"http://{HOST}:{told['port']}")
    environment = Environment(user_classes=[person])
    runner = environment.create_local_runner()
    runner.start(options.people, spawn_rate=max(options.people / 10, 1))
    gevent.sleep(options.seconds)
    runner.quit()
    stats = environment.stats
    print(f"{'what':28}{'asked':>8}{'errors':>8}{'median':>8}{'p95':>8}  ms")
    for one in [*sorted(stats.entries.values(), key=lambda entry: entry.name), stats.total]:
        p95 = one.get_response_time_percentile(0.95)
        print(
            f"{one.name:28}{one.num_requests:>8}{one.num_failures:>8}"
            f"{one.median_response_time:>8.0f}{p95:>8.0f}"
        )
    for error in stats.errors.values():
        print(f"{error.occurrences} × {error.name}: {error.error}")
    print(f"{stats.total.total_rps:.1f} requests a second, {options.people} people")
    return 1 if stats.total.num_failures else 0


def person_class(sessions: list[str], *, host: str) -> Any:
    """Somebody who works: looks, searches, reads, and has the page open meanwhile."""
    from locust import HttpUser, between, task

    free = list(sessions)

    class Person(HttpUser):
        wait_time = between(1, 4)
        open_case = ""
        stamp = ""

        def on_start(self) -> None:
            self.client.cookies.set("sessionid", free.pop() if free else sessions[0])

        def ask(self, address: str, *, name: str, **headers: str) -> str:
            with self.client.get(
                address, name=name, headers=headers, allow_redirects=False, catch_response=True
            ) as answer:
                if answer.status_code not in {200, 204}:
                    answer.failure(f"{answer.status_code} {answer.headers.get('Location', '')}")
                return str(answer.text)

        @task(3)
        def look(self) -> None:
            page = self.ask(f"/inbox/{random.choice(VIEWS)}/", name="a view")
            self.remember(page)

        @task(2)
        def narrow(self) -> None:
            self.remember(self.ask(f"/inbox/all/{random.choice(FILTERS)}", name="a filtered list"))

        @task(2)
        def search(self) -> None:
            word = random.choice(WORDS)
            for length in (4, len(word)):
                address = f"/inbox/all/?q={word[:length]}"
                typed = {"HX-Request": "true", "HX-Target": "rows"}
                self.ask(address, name="a search while typing", **typed)

        @task(4)
        def read(self) -> None:
            if self.open_case:
                self.ask(f"{self.open_case}?view=all", name="a case", **{"HX-Request": "true"})

        @task(6)
        def pulse(self) -> None:
            self.ask(f"/inbox/pulse/?view=all&stamp={self.stamp}", name="the pulse")

        def remember(self, page: str) -> None:
            cases = re.findall(r"/cases/C-\d+/", page)
            if cases:
                self.open_case = random.choice(cases)
            stamp = re.search(r'data-stamp="([^"]*)"\s+data-latest', page)
            self.stamp = stamp[1] if stamp else self.stamp

    Person.host = host
    return Person


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            if httpx.get(f"http://{HOST}:{port}/healthz", timeout=2).is_success:
                return
        except httpx.HTTPError:
            time.sleep(0.2)
    raise SystemExit(f"nothing answers on port {port}")


if __name__ == "__main__":
    sys.exit(main())
