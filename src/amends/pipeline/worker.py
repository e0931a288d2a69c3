"""The loops of the worker and the clock: run what is due, rest a little, stop when asked."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Sequence

import structlog
from django.db import Error as DatabaseError
from django.db import close_old_connections

from amends.pipeline.desk import Desk
from amends.pipeline.runner import run_due
from amends.pipeline.schedule import JOBS, Job, run_jobs
from amends.pipeline.steps import BACKGROUND, ERRANDS

log = structlog.get_logger(__name__)

REST = 0.25  # seconds between two looks when nothing was due


def work(desk: Desk, *, threads: int = 1) -> None:
    """Run steps until SIGTERM or SIGINT; the row that is being worked on is finished first.

    Long works and what goes to the systems of others have a thread more each, so that the journey never
    waits for them.
    """
    journey = [lambda: run_due(desk)] * threads
    background = (
        lambda: run_due(desk, steps=BACKGROUND, limit=1),
        lambda: run_due(desk, steps=ERRANDS),
    )
    _loop([*journey, *background])


def tick(desk: Desk, *, jobs: tuple[Job, ...] = JOBS) -> None:
    """Run the clock's jobs until SIGTERM or SIGINT."""
    _loop([lambda: run_jobs(desk, jobs=jobs)])


def _loop(runs: Sequence[Callable[[], int]]) -> None:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    crew = [threading.Thread(target=_turn, args=(run, stop)) for run in runs]
    for one in crew:
        one.start()
    for one in crew:
        while one.is_alive():
            one.join(0.5)  # a bounded wait, so that signals are delivered


def _turn(run: Callable[[], int], stop: threading.Event) -> None:
    trouble = 0
    while not stop.is_set():
        close_old_connections()
        try:
            ran = run()
            trouble = 0
        except DatabaseError as error:  # restarting, full, unreachable: wait for it to come back
            trouble += 1
            log.error("database.trouble", error=str(error).strip(), times=trouble)
            stop.wait(min(2**trouble, 30))
            continue
        if not ran:
            stop.wait(REST)
    close_old_connections()
