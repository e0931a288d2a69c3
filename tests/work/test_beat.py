"""The clock's jobs: each beat once, however many clocks run, and a broken job stops none of the others."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from amends.core.clock import ScriptedClock
from amends.pipeline.desk import Desk
from amends.pipeline.schedule import Job, run_jobs
from amends.work.models import Beat
from tests.support.threads import run_together, successes


def job(name: str, run: object, *, every: timedelta = timedelta(seconds=10)) -> Job:
    return Job(name, every, run)  # type: ignore[arg-type]


@pytest.mark.usefixtures("real_database")
def test_four_clocks_do_one_beat_once(desk: Desk) -> None:
    beats, lock = [], threading.Lock()

    def beat(_desk: Desk) -> None:
        with lock:
            beats.append(1)

    jobs = (job("count", beat),)
    Beat.objects.create(name="count", due_at=desk.clock.now())
    ran = successes(run_together(*[lambda: run_jobs(desk, jobs=jobs)] * 4))
    assert (sum(ran), len(beats)) == (1, 1)


@pytest.mark.django_db
def test_a_broken_job_says_so_is_tried_again_and_stops_none_of_the_others(
    desk: Desk, clock: ScriptedClock
) -> None:
    ran = []

    def fail(_desk: Desk) -> None:
        raise OSError("no space left on device")

    jobs = (job("broken", fail), job("sound", ran.append))
    assert run_jobs(desk, jobs=jobs) == 2
    assert run_jobs(desk, jobs=jobs) == 0
    assert Beat.objects.get(name="broken").last_error == "OSError: no space left on device"
    clock.advance(timedelta(seconds=10))
    run_jobs(desk, jobs=jobs)
    assert len(ran) == 2


@pytest.mark.django_db
def test_a_clock_that_died_in_a_job_frees_it_when_its_lease_runs_out(
    desk: Desk, clock: ScriptedClock
) -> None:
    now = clock.now()
    Beat.objects.create(
        name="left", due_at=now, lease_token="dead", leased_until=now + timedelta(minutes=5)
    )
    jobs = (job("left", lambda _desk: None),)
    assert run_jobs(desk, jobs=jobs) == 0
    clock.advance(timedelta(minutes=5))
    assert run_jobs(desk, jobs=jobs) == 1
