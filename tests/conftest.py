"""Fixtures for all tests: people, a workspace, and a data folder of their own."""

from __future__ import annotations

import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path

# Before Django reads its settings: keys and files of a test run lie apart from everything else.
os.environ["AMENDS_DATA"] = tempfile.mkdtemp(prefix="amends-tests-")
os.environ["AMENDS_KEYS"] = str(Path(os.environ["AMENDS_DATA"]) / "keys")
os.environ["AMENDS_SANDBOX"] = "1"
os.environ["AMENDS_LOG_LEVEL"] = "WARNING"
for name in ("AMENDS_URL", "AMENDS_HOSTS", "AMENDS_SECRET_KEY", "AMENDS_OUTBOUND_ALLOW"):
    os.environ.pop(name, None)

import pytest  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import TransactionTestCase  # noqa: E402

pytest_plugins = ["tests.servers.fixtures", "tests.support.people", "tests.support.comments"]


@pytest.fixture(scope="session", autouse=True)
def _emptying_tables_lifts_the_guards() -> None:
    """Tests that empty tables between them may lift the append-only triggers; nothing else may."""
    from tests.support.append_only import guards_lifted

    teardown = TransactionTestCase._fixture_teardown

    def lifted(case: TransactionTestCase) -> None:
        with guards_lifted(connection):
            teardown(case)

    TransactionTestCase._fixture_teardown = lifted


@pytest.fixture
def now() -> datetime:
    """A Tuesday noon, so that nothing depends on the day of the run."""
    return datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
