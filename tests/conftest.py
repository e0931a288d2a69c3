"""Fixtures for all tests: people, a workspace, and a data folder of their own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test import TransactionTestCase, override_settings
from django.utils import translation
from hypothesis import settings

# A slow machine is no wrong answer: what must be bounded in time says so in a test of its own.
settings.register_profile("amends", settings(), deadline=None)
settings.load_profile("amends")

pytest_plugins = [
    "tests.servers.fixtures",
    "tests.support.people",
    "tests.support.comments",
    "tests.support.desk",
    "tests.support.levels",
    "tests.support.messengers",
    "tests.support.clocks",
    "tests.support.measures",
    "tests.support.network",
    "tests.support.private",
    "tests.support.threads",
    "tests.support.street",  # after those that it leans on
]


@pytest.fixture(scope="session", autouse=True)
def _emptying_tables_lifts_the_guards() -> None:
    """Tests that empty tables between them may lift the append-only triggers; nothing else may."""
    from tests.support.append_only import guards_lifted

    teardown = TransactionTestCase._fixture_teardown

    def lifted(case: TransactionTestCase) -> None:
        with guards_lifted(connection):
            teardown(case)

    TransactionTestCase._fixture_teardown = lifted


@pytest.fixture(autouse=True)
def _every_test_begins_in_english() -> Iterator[None]:
    """A page that was shown in another language leaves it active in the thread."""
    yield
    translation.deactivate()


@pytest.fixture
def now() -> datetime:
    """A Tuesday noon, so that nothing depends on the day of the run."""
    return datetime(2026, 3, 10, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="session", autouse=True)
def _passwords_are_hashed_quickly() -> Iterator[None]:
    """The real hash takes a third of a second, on purpose; tests make hundreds of people."""
    hashers = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with override_settings(PASSWORD_HASHERS=hashers):
        yield
