"""By which ways a person is told, when they rest, and the digest of the day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta

import pytest

from amends.accounts.change_notices import (
    AddressRefused,
    add_address,
    choose_hours,
    choose_ways,
    end_address,
)
from amends.accounts.credentials import unseal
from amends.accounts.make_digests import make_digests
from amends.accounts.models import (
    NoticeDelivery,
    Notification,
    NotificationKind,
    User,
    Workspace,
)
from amends.accounts.notify import Ways, notify, rest_until
from amends.cases.assign import assign_case
from amends.cases.models import Case
from amends.cases.note import write_note
from amends.cases.tell import count_unread
from amends.core.clock import ScriptedClock
from amends.record.log import Subject
from tests.support.messengers import Messenger

pytestmark = pytest.mark.django_db
SECRET = "Kargom 6 gündür yok"


@pytest.fixture
def case(make_case: Callable[..., Case]) -> Case:
    return make_case(SECRET)


# --- ways and hours ---------------------------------------------------------------------------


def test_addresses_are_sealed_named_once_and_forgotten_when_removed(
    other_agent: User, messenger: Messenger, now: datetime
) -> None:
    row = add_address(other_agent, label=" Phone ", address=messenger.address, now=now)
    assert messenger.address.encode() not in bytes(row.sealed)
    assert unseal(row.sealed) == {"address": messenger.address}
    assert (row.label, row.service) == ("Phone", "json")
    for label, address in (
        ("Phone", messenger.address),
        ("", messenger.address),
        ("b", "mailto://x"),
    ):
        with pytest.raises(AddressRefused):
            add_address(other_agent, label=label, address=address, now=now)
    assert end_address(other_agent, pk=row.pk, now=now)
    row.refresh_from_db()
    assert bytes(row.sealed) == b""
    assert not end_address(other_agent, pk=row.pk, now=now)
    assert add_address(other_agent, label="Phone", address=messenger.address, now=now).pk != row.pk


def test_a_person_chooses_by_which_ways_they_hear_of_a_kind(
    case: Case, agent: User, reached: User, workspace: Workspace, now: datetime
) -> None:
    kind = NotificationKind.ASSIGNMENT
    choose_ways(reached, ways={kind: Ways(in_desk=False, at_once=False)})
    assign_case(case, to=reached, by=agent, now=now)
    assert not NoticeDelivery.objects.exists()
    assert count_unread(reached, workspace=workspace) == 0
    choose_ways(reached, ways={kind: Ways(in_desk=False)})
    assign_case(case, to=reached, by=agent, now=now + timedelta(seconds=1))
    assert NoticeDelivery.objects.count() == 1
    assert count_unread(reached, workspace=workspace) == 0


@pytest.mark.parametrize(
    ("local", "ends"),
    [("21:59", None), ("22:00", "2026-03-03 07:00"), ("23:30", "2026-03-03 07:00"),
     ("00:10", "2026-03-02 07:00"), ("06:59", "2026-03-02 07:00"), ("07:00", None)],
)  # fmt: skip
def test_quiet_hours_run_over_midnight_by_the_clock_on_the_wall(
    reached: User, local: str, ends: str | None
) -> None:
    choose_hours(reached, quiet_from=time(22), quiet_until=time(7), digest_at=None)
    hour, minute = map(int, local.split(":"))
    moment = datetime(2026, 3, 2, hour, minute, tzinfo=UTC) - timedelta(hours=3)  # Istanbul
    until = rest_until(reached, now=moment)
    assert until == (datetime.fromisoformat(f"{ends}+03:00") if ends else moment)


def test_quiet_hours_end_by_the_wall_clock_on_the_night_it_is_set_back(reached: User) -> None:
    User.objects.filter(pk=reached.pk).update(time_zone="Europe/Amsterdam")
    reached.refresh_from_db()
    choose_hours(reached, quiet_from=time(22), quiet_until=time(7), digest_at=None)
    before = datetime(2026, 10, 24, 22, 0, tzinfo=UTC)  # midnight, summer time
    assert rest_until(reached, now=before) == datetime(2026, 10, 25, 6, 0, tzinfo=UTC)


def test_what_comes_in_quiet_hours_arrives_when_they_end(
    case: Case, agent: User, reached: User, messenger: Messenger, clock: ScriptedClock,
    deliver: Callable[[], int],
) -> None:  # fmt: skip
    local = clock.now() + timedelta(hours=3)
    start = (local - timedelta(minutes=10)).time().replace(second=0, microsecond=0)
    end = (local + timedelta(hours=1)).time().replace(second=0, microsecond=0)
    choose_hours(reached, quiet_from=start, quiet_until=end, digest_at=None)
    assign_case(case, to=reached, by=agent, now=clock.now())
    assert deliver() == 0
    clock.advance(timedelta(hours=1, minutes=1))
    deliver()
    assert len(messenger.got) == 1


def test_the_digest_comes_once_a_day_with_what_was_not_read(
    case: Case, agent: User, reached: User, workspace: Workspace, messenger: Messenger,
    clock: ScriptedClock, deliver: Callable[[], int],
) -> None:  # fmt: skip
    choose_ways(
        reached,
        ways={
            NotificationKind.ASSIGNMENT: Ways(at_once=False),
            NotificationKind.MENTION: Ways(at_once=False, in_digest=False),
        },
    )
    assign_case(case, to=reached, by=agent, now=clock.now())
    write_note(case, text="@other_agent", by=agent, now=clock.now())
    local = clock.now() + timedelta(hours=3)
    at = local.time().replace(second=0, microsecond=0)
    choose_hours(reached, quiet_from=None, quiet_until=None, digest_at=at)
    clock.advance(timedelta(minutes=1))
    assert make_digests(now=clock.now()) == 1
    assert make_digests(now=clock.now()) == 0
    deliver()
    (message,) = messenger.got
    assert message["message"].splitlines()[:2] == [
        "Not read yet, of the last day: 1",
        f"- {case.public_id} is with you now.",
    ]
    clock.advance(timedelta(days=1))
    Notification.objects.update(read_at=clock.now())
    assert make_digests(now=clock.now()) == 1
    deliver()
    assert len(messenger.got) == 1  # nothing to say


def test_the_same_notice_given_again_is_sent_once(
    reached: User, workspace: Workspace, now: datetime
) -> None:
    for _again in range(2):
        notify(
            reached,
            workspace=workspace,
            kind=NotificationKind.BREACH,
            about=Subject("case", "C-1", "C-1"),
            now=now,
            key="breach:C-1",
        )
    assert NoticeDelivery.objects.count() == 1
