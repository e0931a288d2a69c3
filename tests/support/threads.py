"""Several workers at once, on real connections to a real database file or server."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

import pytest
from django.db import connection, connections

T = TypeVar("T")


@pytest.fixture
def real_database(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    """A database as a desk has it: on SQLite a file in WAL mode, since one in memory locks otherwise."""
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()
    in_memory, name = connection.connection, connection.settings_dict["NAME"]
    file = tmp_path / "desk.sqlite3"
    with sqlite3.connect(file) as copy:
        in_memory.backup(copy)
    copy.close()
    connection.settings_dict["NAME"] = str(file)
    connection.connection = None
    connection.ensure_connection()
    yield
    connection.close()
    connection.settings_dict["NAME"] = name
    connection.connection = in_memory


def run_together(*jobs: Callable[[], T]) -> list[T | Exception]:
    """Start all jobs at the same moment, each in a thread; what each returned or raised, in order."""
    start = threading.Barrier(len(jobs))
    results: list[Any] = [None] * len(jobs)

    def run(place: int, job: Callable[[], T]) -> None:
        try:
            connection.ensure_connection()
            start.wait(30)
            results[place] = job()
        except Exception as error:  # handed to the test, which says what it expects
            results[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(jobs)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(120)
    assert not any(one.is_alive() for one in threads), "a thread did not come to its end"
    return results


def successes(results: Sequence[T | Exception]) -> list[T]:
    """The results, where no job may have failed."""
    failed = [result for result in results if isinstance(result, Exception)]
    if failed:
        raise failed[0]
    return [result for result in results if not isinstance(result, Exception)]
