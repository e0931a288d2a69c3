"""Fixtures of the real servers; a test that needs a missing one is reported as not run, in one line.

With CI=true a missing server is a failure, since there everything must have been run.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import TypeVar

import pytest

from tests.servers.bluesky import BlueskyNetwork
from tests.servers.mail import MailServer
from tests.servers.postgres import PostgresServer
from tests.servers.programs import ServerMissingError

T = TypeVar("T")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A PostgreSQL of this test run; `create_database()` gives an empty database."""
    yield from _run(PostgresServer())


@pytest.fixture(scope="session")
def bluesky_network(postgres_server: PostgresServer) -> Iterator[BlueskyNetwork]:
    """A Bluesky network of this test run; `join(name)` makes a person."""
    yield from _run(BlueskyNetwork(postgres=postgres_server))


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    """Mailboxes of this test alone, and an SMTP server that misbehaves on demand."""
    yield from _run(MailServer())


def _run(server: AbstractContextManager[T]) -> Iterator[T]:
    try:
        running = server.__enter__()
    except ServerMissingError as missing:
        if os.environ.get("CI") == "true":
            pytest.fail(f"not run: {missing}", pytrace=False)
        pytest.skip(f"not run: {missing}")
    try:
        yield running
    finally:
        server.__exit__(None, None, None)
