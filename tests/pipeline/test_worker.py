"""Worker and clock outlive a database that goes away, and end when they are asked to."""

from __future__ import annotations

import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from tests.pipeline.test_kill import Desk
from tests.servers.postgres import PostgresServer

pytestmark = [pytest.mark.integration, pytest.mark.own_database, pytest.mark.timeout(180)]
PREPARE = (
    "from amends.cli.start import start_django; start_django();"
    "from amends.cli.serve import prepare_database; prepare_database()"
)


@pytest.fixture
def office(postgres_server: PostgresServer) -> Desk:
    made = Desk(postgres_server.create_database("worker"), allow="")
    prepared = subprocess.run(
        [sys.executable, "-c", PREPARE], env=made.environment, check=False, capture_output=True
    )
    assert prepared.returncode == 0, prepared.stderr.decode()
    return made


@pytest.fixture
def processes(office: Desk) -> Iterator[dict[str, subprocess.Popen[bytes]]]:
    log = Path(tempfile.mkdtemp(prefix="amends-worker-")) / "output.log"
    with log.open("ab") as output:
        started = {
            name: subprocess.Popen(
                [sys.executable, "-m", "amends", name],
                env={**office.environment, "AMENDS_WORKER_THREADS": "2"},
                stdout=output,
                stderr=subprocess.STDOUT,
            )
            for name in ("worker", "clock")
        }
    yield started
    for process in started.values():
        process.kill()
        process.wait()


def wait_until(look: Callable[[], object], *, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not look():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.2)


def beats(office: Desk) -> int:
    """How often the clock has beaten: its last beat, in whole milliseconds."""
    query = "SELECT coalesce(max(extract(epoch FROM last_run_at) * 1000), 0)::bigint FROM work_beat"
    with psycopg.connect(office.database_url) as connection:
        row = connection.execute(query).fetchone()
    assert row is not None
    return int(row[0])


def test_a_database_that_goes_away_and_comes_back_is_waited_for(
    office: Desk,
    processes: dict[str, subprocess.Popen[bytes]],
    postgres_server: PostgresServer,
) -> None:
    wait_until(lambda: beats(office) > 0)
    name = office.database_url.rsplit("/", 1)[-1]
    with psycopg.connect(postgres_server.url, autocommit=True) as connection:
        connection.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
        connection.execute(cut, [name])
        time.sleep(5)
        assert not connection.execute(cut, [name]).fetchall()  # nobody got in meanwhile
        connection.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
    before = beats(office)
    wait_until(lambda: beats(office) > before)
    assert {name: one.poll() for name, one in processes.items()} == {"worker": None, "clock": None}


def test_asked_to_end_they_end_soon_and_well(
    office: Desk, processes: dict[str, subprocess.Popen[bytes]]
) -> None:
    wait_until(lambda: beats(office) > 0)
    for process in processes.values():
        process.send_signal(signal.SIGTERM)
    assert [process.wait(15) for process in processes.values()] == [0, 0]
