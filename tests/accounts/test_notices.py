"""Notices reach a person by the ways they chose, in their language, and say nothing that they should not."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from amends.accounts.change_notices import (
    AddressRefused,
    add_address,
    choose_hours,
    choose_ways,
    end_address,
)
from amends.accounts.credentials import unseal
from amends.accounts.deliver_notice import deliver_notice
from amends.accounts.make_digests import make_digests
from amends.accounts.models import (
    Membership,
    NoticeAddress,
    NoticeDelivery,
    Notification,
    NotificationKind,
    User,
    Workspace,
)
from amends.accounts.notify import DELIVER_NOTICE, Ways, notify, rest_until
from amends.cases.assign import assign_case
from amends.cases.models import Case
from amends.cases.note import write_note
from amends.cases.tell import count_unread, known_outside, notices_visible_to
from amends.connectors.kit.errors import ChannelError
from amends.connectors.kit.guard import OutboundBlocked, OutboundGuard
from amends.connectors.kit.messengers import UnknownServiceError, send_message, service_of
from amends.core.clock import ScriptedClock
from amends.record.log import Subject
from amends.work.claim import claim_next

pytestmark = pytest.mark.django_db
SECRET = "Kargom 6 gündür yok"


class Messenger:
    """A server that takes messages as apprise sends them."""

    def __init__(self) -> None:
        self.got: list[dict[str, Any]] = []
        self.status = 200
        self.moved_to = ""
        taken, outer = self.got, self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers.get("Content-Length", 0))
                body = self.rfile.read(length)
                if outer.status == 200:
                    taken.append(json.loads(body))
                self.send_response(outer.status)
                if outer.moved_to:
                    self.send_header("Location", outer.moved_to)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *args: object) -> None: ...

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_port
        self.address = f"json://127.0.0.1:{self.port}/told"
        self.guard = OutboundGuard(allow={("127.0.0.1", self.port)})


@pytest.fixture
def messenger() -> Iterator[Messenger]:
    made = Messenger()
    thread = threading.Thread(target=made.server.serve_forever, daemon=True)
    thread.start()
    yield made
    made.server.shutdown()
    made.server.server_close()
    thread.join()


@pytest.fixture
def case(make_case: Callable[..., Case]) -> Case:
    return make_case(SECRET)


@pytest.fixture
def reached(other_agent: User, messenger: Messenger, now: datetime) -> User:
    """A colleague with a messenger."""
    add_address(other_agent, label="Phone", address=messenger.address, now=now)
    User.objects.filter(pk=other_agent.pk).update(time_zone="Europe/Istanbul")
    other_agent.refresh_from_db()
    return other_agent


@pytest.fixture
def deliver(clock: ScriptedClock, messenger: Messenger) -> Callable[[], int]:
    """The worker brings what is due."""

    def run(guard: OutboundGuard | None = None) -> int:
        count = 0
        lease = timedelta(seconds=60)
        while claim := claim_next(
            NoticeDelivery, step=DELIVER_NOTICE, now=clock.now(), lease=lease
        ):
            deliver_notice(
                claim, clock=clock, guard=guard or messenger.guard, knowledge=known_outside
            )
            count += 1
        return count

    return run


# --- who is told ------------------------------------------------------------------------------


def test_who_is_given_a_case_is_told_and_who_takes_it_is_not(
    case: Case, agent: User, other_agent: User, now: datetime
) -> None:
    assign_case(case, to=agent, by=agent, now=now)
    assert not Notification.objects.exists()
    assign_case(case, to=other_agent, by=agent, now=now)
    notice = Notification.objects.get()
    assert (notice.user, notice.kind, notice.subject_id) == (
        other_agent,
        "assignment",
        case.public_id,
    )
    assert notice.facts == {"by": "Agent"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("@ayse bakar mısın?", {"ayse"}),
        ("@Ayşe.Demir ve @viewer", {"ayse", "viewer"}),
        ("@AYSE! (@ayse-d@lumen.example)", {"ayse"}),
        ("mail@ayse.example, @nobody, @agent", set()),
        ("@stranger", set()),
    ],
)
def test_a_note_tells_those_whom_it_names(
    text: str,
    told: set[str],
    case: Case,
    agent: User,
    viewer: User,
    stranger: User,
    workspace: Workspace,
    now: datetime,
) -> None:
    ayse = User.objects.create_user("ayse@lumen.example", name="Ayşe Demir")
    Membership.objects.create(workspace=workspace, user=ayse, role="agent", created_at=now)
    write_note(case, text=text, by=agent, now=now)
    names = {one.user.email.partition("@")[0] for one in Notification.objects.all()}
    assert names == told


def test_nobody_is_told_of_a_lane_that_they_may_not_see(
    case: Case, agent: User, owner: User, counsel: User, other_agent: User, now: datetime
) -> None:
    Case.objects.update(lane="legal")
    case.refresh_from_db()
    write_note(case, text="@other @other_agent @counsel", by=owner, now=now)
    assert [one.user for one in Notification.objects.all()] == [counsel]


def test_a_notice_of_a_case_that_moved_into_a_lane_is_not_shown_counted_or_sent(
    case: Case, agent: User, reached: User, workspace: Workspace, now: datetime,
    deliver: Callable[[], int], messenger: Messenger,
) -> None:  # fmt: skip
    assign_case(case, to=reached, by=agent, now=now)
    assert count_unread(reached, workspace=workspace) == 1
    Case.objects.update(lane="employee")
    assert count_unread(reached, workspace=workspace) == 0
    assert not notices_visible_to(reached, workspace=workspace).exists()
    assert deliver() == 1
    assert not messenger.got
    assert NoticeDelivery.objects.get().status == "dropped"


# --- what goes out ----------------------------------------------------------------------------


def test_a_message_names_the_case_and_links_to_it_and_says_no_word_of_the_comment(
    case: Case, agent: User, reached: User, messenger: Messenger, now: datetime,
    deliver: Callable[[], int], settings: Any,
) -> None:  # fmt: skip
    settings.BASE_URL = "https://desk.example"
    assign_case(case, to=reached, by=agent, now=now)
    assert deliver() == 1
    (message,) = messenger.got
    assert message["title"] == "Amends: Lumen"
    assert message["message"].splitlines() == [
        f"{case.public_id} is with you now.",
        f"https://desk.example/cases/{case.public_id}/",
    ]
    assert SECRET not in str(message)
    assert "Agent" not in str(message)
    assert NoticeDelivery.objects.get().status == "sent"
    assert deliver() == 0


def test_of_a_restricted_case_only_that_something_waits(
    case: Case, owner: User, counsel: User, messenger: Messenger, now: datetime,
    deliver: Callable[[], int],
) -> None:  # fmt: skip
    add_address(counsel, label="Phone", address=messenger.address, now=now)
    Case.objects.update(lane="threat")
    case.refresh_from_db()
    write_note(case, text="@counsel", by=owner, now=now)
    deliver()
    (message,) = messenger.got
    assert case.public_id not in str(message)
    assert "Something waits for you" in message["message"]
    assert message["message"].endswith("/notifications/")


def test_what_was_read_meanwhile_and_who_left_are_not_bothered(
    case: Case, agent: User, reached: User, messenger: Messenger, now: datetime,
    deliver: Callable[[], int],
) -> None:  # fmt: skip
    assign_case(case, to=reached, by=agent, now=now)
    Notification.objects.update(read_at=now)
    deliver()
    write_note(case, text="@other_agent", by=agent, now=now)
    Membership.objects.filter(user=reached).update(is_active=False)
    deliver()
    assert not messenger.got
    assert set(NoticeDelivery.objects.values_list("status", flat=True)) == {"dropped"}


def test_trouble_is_tried_again_and_a_refusal_is_shown_beside_the_address(
    case: Case, agent: User, reached: User, messenger: Messenger, clock: ScriptedClock,
    deliver: Callable[[], int],
) -> None:  # fmt: skip
    assign_case(case, to=reached, by=agent, now=clock.now())
    messenger.status = 503
    deliver()
    row = NoticeDelivery.objects.get()
    assert (row.status, row.next_step, row.due_at > clock.now()) == ("ready", DELIVER_NOTICE, True)
    assert deliver() == 0
    messenger.status = 200
    clock.advance(timedelta(minutes=1))
    deliver()
    assert NoticeDelivery.objects.get().status == "sent"
    write_note(case, text="@other_agent", by=agent, now=clock.now())
    messenger.status = 410
    deliver()
    assert NoticeDelivery.objects.latest("pk").status == "failed"
    assert "410" in NoticeAddress.objects.get().problem


def test_a_message_never_reaches_an_address_inside_unless_the_owner_lists_it(
    case: Case, agent: User, reached: User, messenger: Messenger, now: datetime,
    deliver: Callable[..., int],
) -> None:  # fmt: skip
    assign_case(case, to=reached, by=agent, now=now)
    deliver(OutboundGuard())
    assert not messenger.got
    assert NoticeDelivery.objects.get().status == "failed"
    assert "not on the public internet" in NoticeAddress.objects.get().problem


def test_a_redirect_into_the_own_network_is_refused_too(messenger: Messenger) -> None:
    messenger.status, messenger.moved_to = 307, "http://localhost:1/inside"
    with pytest.raises(OutboundBlocked):
        send_message(messenger.address, title="t", body="b", guard=messenger.guard)


def test_a_service_that_does_not_listen_is_trouble_and_no_refusal(messenger: Messenger) -> None:
    guard = OutboundGuard(allow={("127.0.0.1", 1)})
    with pytest.raises(ChannelError) as caught:
        send_message("json://127.0.0.1:1/x", title="t", body="b", guard=guard)
    assert not caught.value.permanent


@pytest.mark.parametrize(
    "address",
    ["mailto://a:b@example.org", "syslog://", "dbus://", "file:///etc/passwd", "x", "tgram://"],
)
def test_services_that_do_not_go_by_http_are_not_offered(address: str) -> None:
    with pytest.raises(UnknownServiceError):
        service_of(address)


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
