"""What the tests of the channels share: a standing clock, a guard for loopback, a server of faults."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from amends.core.clock import ScriptedClock
from tests.servers.bluesky import BlueskyNetwork, BlueskyPerson
from tests.servers.faults import FaultServer


@pytest.fixture
def clock() -> ScriptedClock:
    return ScriptedClock(datetime(2026, 3, 10, 12, 0, tzinfo=UTC))


@pytest.fixture
def server() -> Iterator[FaultServer]:
    """A server on loopback that does what the test tells it."""
    with FaultServer() as running:
        yield running


@pytest.fixture
def brand(bluesky_network: BlueskyNetwork) -> BlueskyPerson:
    return bluesky_network.join("brand")


@pytest.fixture(scope="session")
def customer(bluesky_network: BlueskyNetwork) -> BlueskyPerson:
    return bluesky_network.join("customer")
