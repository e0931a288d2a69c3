"""Measure the inbox as it grows: server time of its pages, search index, capture, size of the database.

Run from the repository root: python -m benchmarks.inbox [--sizes 10000 100000 1000000] [--only sqlite]
Each size and database is measured in a process and a folder of its own; requests go through Django's test
client as a signed-in person, without a network. Every figure is of one process on one core.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.servers.postgres import PostgresServer
from tests.servers.programs import ServerMissingError

CAPTURED = 2_000  # comments by which capture is measured
BESIDE = frozenset({"case, beside the list"})  # asked for by htmx, as a click on a row does


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--only", choices=["sqlite", "postgres"])
    parser.add_argument("--repeat", type=int, default=30)
    parser.add_argument("--explain", action="store_true", help="print the slowest query of a page")
    parser.add_argument("--measure", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measure(options.measure, repeat=options.repeat, explain=options.explain)))
        return 0
    results: dict[str, dict[str, Any]] = {}
    for size in options.sizes:
        if options.only != "postgres":
            results[f"SQLite {size:,}"] = _apart("", size=size, options=options)
        if options.only != "sqlite":
            try:
                with PostgresServer() as server:
                    url = server.create_database()
                    results[f"PostgreSQL {size:,}"] = _apart(url, size=size, options=options)
            except ServerMissingError as missing:
                print(f"not measured on PostgreSQL: {missing}")
    print_table(results)
    return 0


def _apart(database_url: str, *, size: int, options: argparse.Namespace) -> dict[str, Any]:
    folder = tempfile.mkdtemp(prefix="amends-benchmark-")
    environment = {
        **{name: text for name, text in os.environ.items() if not name.startswith("AMENDS_")},
        "DATABASE_URL": database_url,
        "AMENDS_DATA": folder,
        "AMENDS_LOG_LEVEL": "ERROR",
    }
    command = [sys.executable, "-m", "benchmarks.inbox", "--measure", str(size)]
    command += ["--repeat", str(options.repeat), *(["--explain"] if options.explain else [])]
    try:
        done = subprocess.run(
            command, env=environment, check=True, stdout=subprocess.PIPE, text=True
        )
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    measured: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    place = "PostgreSQL" if database_url else "SQLite"
    print_table(
        {f"{place} {size:,}": measured}
    )  # what is there is told at once: the rest takes long
    print(flush=True)
    return measured


def measure(size: int, *, repeat: int, explain: bool) -> dict[str, Any]:
    """Everything of one size on the database of this process: figures by name."""
    from amends.cli.serve import prepare_database
    from amends.cli.start import start_django

    start_django()
    prepare_database()
    from amends.core.clock import SystemClock
    from amends.replies.index_search import index_all
    from benchmarks.inbox_rows import Desk, fill

    desk = Desk(now=SystemClock().now())
    with _said("filled", size=size):
        fill(desk, size)
        _analyse()
    started = time.perf_counter()
    with _said("indexed", size=size):
        cases = index_all()
    figures: dict[str, Any] = {"index, cases a second": cases / (time.perf_counter() - started)}
    _analyse()
    figures["size, bytes a comment"] = database_size() / size
    figures |= measure_pages(desk, repeat=repeat, explain=explain)
    figures |= measure_capture(desk)
    return figures


def pages_of(desk: Any) -> dict[str, str]:
    """What is asked for, by what it is called in the table."""
    from benchmarks.inbox_rows import COMMON, PHRASE, RARE

    label = desk.labels[3].pk
    middle = desk.workspace.cases.count() // 6 * 3  # an open case
    saved = desk.workspace.saved_views.get()
    return {
        "Mine": "/inbox/mine/",
        "Unassigned": "/inbox/unassigned/",
        "All": "/inbox/all/",
        "Due soon": "/inbox/due_soon/",
        "All by severity": "/inbox/all/?order=severity",
        "filtered": f"/inbox/unassigned/?channel={desk.accounts[2].pk}&language=nl&severity=high",
        "saved view": f"/inbox/all/?{saved.query.partition('&')[2]}&saved={saved.pk}",
        "rare filter": f"/inbox/all/?label={label}&priority=P1&severity=critical&language=id"
        f"&assignee={desk.people[7].pk}",
        "search, common word": f"/inbox/all/?q={COMMON}",
        "search, rare word": f"/inbox/all/?q={RARE}",
        "search, phrase": f"/inbox/all/?q={PHRASE}",
        "search, beginning": "/inbox/all/?q=cour",
        "search and filter": f"/inbox/all/?q={COMMON}&severity=critical&assignee=me",
        "case, whole page": f"/cases/C-{middle}/?view=all",
        "case, beside the list": f"/cases/C-{middle}/?view=all",
        "pulse": "/inbox/pulse/?place=view%3Dunassigned&stamp=old",
    }


def measure_pages(desk: Any, *, repeat: int, explain: bool) -> dict[str, Any]:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(SERVER_NAME="localhost")
    client.force_login(desk.agent)
    figures: dict[str, Any] = {}
    pages = pages_of(desk)
    shown = client.get(pages["Unassigned"]).content.decode()
    behind = re.search(r'/inbox/unassigned/\?after=[^"]+', shown)
    if behind:
        pages["Unassigned, page 2"] = behind[0]
    for name, address in pages.items():
        asked_by = {"HX-Request": "true"} if name in BESIDE else {}
        client.get(address, headers=asked_by)
        times, spent = [], []
        for _turn in range(repeat):
            started, busy = time.perf_counter(), time.process_time()
            answer = client.get(address, headers=asked_by)
            times.append((time.perf_counter() - started) * 1000)
            spent.append((time.process_time() - busy) * 1000)
        if answer.status_code != 200:
            raise SystemExit(f"{address}: {answer.status_code}")
        with CaptureQueriesContext(connection) as asked:
            client.get(address, headers=asked_by)
        if explain:
            _tell_slowest(name, asked.captured_queries)
        ninety_five = statistics.quantiles(times, n=20)[-1] if len(times) > 1 else times[0]
        figures[name] = [
            statistics.median(times),
            ninety_five,
            statistics.median(spent),
            len(asked),
        ]
    return figures


def _tell_slowest(name: str, queries: list[dict[str, str]]) -> None:
    slowest = sorted(queries, key=lambda one: -float(one["time"]))[:2]
    for one in slowest:
        if float(one["time"]) >= 0.01:
            print(f"{name}: {one['time']} s  {one['sql'][:1500]}", file=sys.stderr)


def measure_capture(desk: Any) -> dict[str, float]:
    """Comments a second from stored events to versions, by the step that the worker runs."""
    from amends.connectors.kit.events import EventKind, InboundAuthor, InboundComment, InboundEvent
    from amends.core.clock import SystemClock
    from amends.inbox.listen import store_event
    from amends.inbox.models import Comment
    from amends.pipeline.desk import Desk as Worker
    from amends.pipeline.runner import run_until_idle
    from amends.pipeline.steps import STEPS

    clock = SystemClock()
    for n in range(CAPTURED):
        comment = InboundComment(
            external_id=f"new-{n}",
            author=InboundAuthor(f"new-{n % 500}", f"new{n % 500}", f"New {n % 500}"),
            text=f"Kargom {n} gündür yok, arıyorum açan yok",
            published_at=clock.now(),
            version_key=f"new-{n}-v1",
            thread_external_id=f"new-thread-{n % 300}",
        )
        event = InboundEvent(
            key=f"new-{n}",
            kind=EventKind.CREATED,
            external_id=f"new-{n}",
            observed_at=clock.now(),
            comment=comment,
        )
        store_event(event, account=desk.accounts[0], clock=clock)
    step = [step for step in STEPS if step.name == "capture"]
    started, busy = time.perf_counter(), time.process_time()
    run_until_idle(Worker(), steps=step)
    spent, busy = time.perf_counter() - started, time.process_time() - busy
    if Comment.objects.filter(external_id__startswith="new-").count() != CAPTURED:
        raise SystemExit("not every comment was captured")
    return {
        "capture, comments a second": CAPTURED / spent,
        "capture, a processor second": CAPTURED / busy,
    }


def database_size() -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_database_size(current_database())")
        else:
            cursor.execute(
                "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
            )
        return int(cursor.fetchone()[0])


def _analyse() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


@contextmanager
def _said(what: str, *, size: int) -> Iterator[None]:
    started = time.perf_counter()
    yield
    spent = time.perf_counter() - started
    print(f"  {size:,} {what} in {spent:.0f} s", file=sys.stderr, flush=True)


def print_table(results: dict[str, dict[str, Any]]) -> None:
    """Median, 95th percentile and processor time in milliseconds; the last column is the number of queries.

    Where the machine has other work, the processor time tells what the page costs; on PostgreSQL it is
    without the server's.
    """
    if not results:
        return
    names = "".join(f"{name:>24}" for name in results)
    print(f"{'median / p95 (processor), ms':30}{names}   queries")
    first = next(iter(results.values()))
    for name, figure in first.items():
        columns = [measured.get(name) for measured in results.values()]
        if isinstance(figure, list):
            cells = [
                f"{one[0]:.0f} / {one[1]:.0f} ({one[2]:.0f})" if one else "" for one in columns
            ]
            print(f"{name:30}" + "".join(f"{cell:>24}" for cell in cells) + f"{figure[3]:>10}")
        else:
            print(f"{name:30}" + "".join(f"{one:>24,.0f}" for one in columns))


if __name__ == "__main__":
    sys.exit(main())
