"""Notices reach a person by the ways they chose, in their language, and say nothing that they should not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from amends.accounts.change_notices import (
    add_address,
)
from amends.accounts.models import (
    Membership,
    NoticeAddress,
    NoticeDelivery,
    Notification,
    User,
    Workspace,
)
from amends.accounts.notify import DELIVER_NOTICE
from amends.cases.assign import assign_case
from amends.cases.models import Case
from amends.cases.note import write_note
from amends.cases.tell import count_unread, notices_visible_to
from amends.connectors.kit.errors import ChannelError
from amends.connectors.kit.guard import OutboundBlocked, OutboundGuard
from amends.connectors.kit.messengers import UnknownServiceError, send_message, service_of
from amends.core.clock import ScriptedClock
from tests.support.messengers import Messenger

pytestmark = pytest.mark.django_db
SECRET = "Kargom 6 gündür yok"


@pytest.fixture
def case(make_case: Callable[..., Case]) -> Case:
    return make_case(SECRET)


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
