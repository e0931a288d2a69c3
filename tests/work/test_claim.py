"""Claims: no row is run twice or lost, whoever dies, and none keeps a worker from the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from amends.accounts.models import Brand, Workspace
from amends.inbox.models import ChannelAccount
from amends.work.claim import (
    MAX_ATTEMPTS,
    Claim,
    LeaseLost,
    back_off,
    claim_next,
    finish,
    park,
    put_off,
    try_again,
)
from tests.support.threads import run_together, successes

LEASE = timedelta(seconds=10)
Row = ChannelAccount


@pytest.fixture
def make_rows(workspace: Workspace, brand: Brand, now: datetime) -> Callable[..., list[Row]]:
    """Rows that wait for a step; which model they are of does not matter here."""

    def make(count: int, *, due_at: datetime | None = None) -> list[Row]:
        return Row.objects.bulk_create(
            Row(
                workspace=workspace,
                brand=brand,
                kind="manual",
                host="manual",
                external_id=str(number),
                label=str(number),
                connected_at=now,
                next_step="listen",
                due_at=due_at or now,
            )
            for number in range(count)
        )

    return make


def claim(now: datetime) -> Claim[Row]:
    claimed = claim_next(Row, step="listen", now=now, lease=LEASE)
    assert claimed is not None
    return claimed


@pytest.mark.usefixtures("real_database")
def test_six_workers_run_two_hundred_rows_and_none_of_them_twice(
    make_rows: Callable[..., list[Row]], now: datetime
) -> None:
    make_rows(200)

    def work() -> list[int]:
        ran = []
        while Row.objects.filter(next_step="listen").exists():
            claimed = claim_next(Row, step="listen", now=now, lease=LEASE)
            if claimed is not None:
                ran.append(claimed.row.pk)
                with transaction.atomic():
                    finish(claimed)
        return ran

    ran = Counter(pk for rows in successes(run_together(*[work] * 6)) for pk in rows)
    assert set(ran) == set(Row.objects.values_list("pk", flat=True))
    assert set(ran.values()) == {1}


@pytest.mark.django_db
def test_a_row_belongs_to_nobody_else_before_its_lease_has_run_out(
    make_rows: Callable[..., list[Row]], now: datetime
) -> None:
    make_rows(1)
    first = claim(now)
    assert claim_next(Row, step="listen", now=now + LEASE / 2, lease=LEASE) is None
    second = claim(now + LEASE)
    assert second.row.pk == first.row.pk
    with pytest.raises(LeaseLost):
        finish(first)
    finish(second)
    assert Row.objects.get().next_step == ""


@pytest.mark.django_db
@pytest.mark.parametrize(
    "end", [finish, lambda lost: park(lost, error="x")], ids=["finish", "park"]
)
def test_what_a_worker_wrote_without_its_lease_is_rolled_back(
    make_rows: Callable[..., list[Row]], now: datetime, end: Callable[[Claim[Row]], None]
) -> None:
    make_rows(1)
    lost = claim(now)
    claim(now + LEASE)

    def store() -> None:
        with transaction.atomic():
            Row.objects.update(label="written by the one who was too slow")
            end(lost)

    with pytest.raises(LeaseLost):
        store()
    assert Row.objects.get().label == "0"


@pytest.mark.django_db
def test_a_row_that_kills_its_workers_is_parked_and_says_why(
    make_rows: Callable[..., list[Row]], now: datetime
) -> None:
    make_rows(1)
    for crash in range(MAX_ATTEMPTS):
        claim(now + LEASE * crash)
    assert claim_next(Row, step="listen", now=now + LEASE * MAX_ATTEMPTS, lease=LEASE) is None
    row = Row.objects.get()
    assert (row.due_at, row.lease_token, row.next_step) == (None, "", "listen")
    assert "too many attempts" in row.last_error
    assert row.status == "failed"  # a channel that nobody listens to says so


@pytest.mark.django_db
def test_a_step_that_fails_is_tried_again_and_then_parked_with_its_error(
    make_rows: Callable[..., list[Row]], now: datetime
) -> None:
    make_rows(1)
    for _ in range(MAX_ATTEMPTS):
        try_again(claim(now), until=now, error="ValueError: no")
    assert claim_next(Row, step="listen", now=now, lease=LEASE) is None
    assert Row.objects.get().last_error == "ValueError: no"


@pytest.mark.django_db
def test_trouble_outside_never_parks_a_row_however_long_it_lasts(
    make_rows: Callable[..., list[Row]], now: datetime
) -> None:
    make_rows(1)
    for _ in range(MAX_ATTEMPTS * 5):
        put_off(claim(now), until=now, error="the channel is down")
    assert claim(now).row.last_error == "the channel is down"


@pytest.mark.django_db
def test_a_parked_row_does_not_keep_the_others_waiting(
    make_rows: Callable[..., list[Row]], now: datetime
) -> None:
    first, _second = make_rows(2)
    Row.objects.filter(pk=first.pk).update(attempts=MAX_ATTEMPTS)
    assert claim(now).row.pk != first.pk


@pytest.mark.django_db
def test_what_is_due_first_is_run_first_and_nothing_before_its_time(
    make_rows: Callable[..., list[Row]], now: datetime
) -> None:
    late, early, future = make_rows(3)
    Row.objects.filter(pk=late.pk).update(due_at=now - timedelta(minutes=1))
    Row.objects.filter(pk=early.pk).update(due_at=now - timedelta(hours=1))
    Row.objects.filter(pk=future.pk).update(due_at=now + timedelta(seconds=1))
    assert [claim(now).row.pk, claim(now).row.pk] == [early.pk, late.pk]
    assert claim_next(Row, step="listen", now=now, lease=LEASE) is None
    assert claim_next(Row, step="another", now=now, lease=LEASE) is None


@pytest.mark.django_db
def test_a_finished_row_starts_its_next_step_with_a_clean_slate(
    make_rows: Callable[..., list[Row]], now: datetime
) -> None:
    make_rows(1)
    try_again(claim(now), until=now, error="once")
    finish(claim(now), next_step="other", due_at=now)
    row = Row.objects.get()
    assert (row.next_step, row.attempts, row.last_error, row.lease_token) == ("other", 0, "", "")


@given(st.integers(-5, 10_000))
def test_the_wait_grows_with_each_failure_and_stays_below_a_quarter_of_an_hour(number: int) -> None:
    wait = back_off(number)
    assert timedelta(seconds=2) <= wait <= timedelta(minutes=15)
    assert back_off(number + 1) >= wait


def test_the_first_waits_are_two_four_and_eight_seconds() -> None:
    assert [back_off(number).seconds for number in (1, 2, 3)] == [2, 4, 8]
