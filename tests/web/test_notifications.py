"""The bell, the list of notices, and how a person wants to be told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from amends.accounts.models import (
    NoticeAddress,
    NoticeHours,
    NoticePreference,
    Notification,
    NotificationKind,
    User,
    Workspace,
)
from amends.accounts.notify import notify
from amends.cases.models import Case
from amends.record.log import Subject
from tests.web.conftest import words

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


@pytest.fixture
def tell(workspace: Workspace, case: Case, now: datetime) -> Callable[..., Notification]:
    def note(user: User, kind: str = "mention", key: str = "k", **facts: object) -> Notification:
        about = Subject("case", case.public_id, case.public_id)
        notify(
            user,
            workspace=workspace,
            kind=NotificationKind(kind),
            about=about,
            now=now,
            key=key,
            facts=facts,
        )
        return Notification.objects.get(user=user, key=key)

    return note


def test_the_bell_counts_what_was_not_read_and_the_pulse_carries_it(
    tell: Callable[..., Notification], agent: User, other_agent: User, sign_in: SignIn
) -> None:
    client = sign_in(agent)
    inbox = client.get("/inbox/all/")
    stamp = inbox.context["stamp"]
    assert client.get(f"/inbox/pulse/?view=all&stamp={stamp}").status_code == 204
    tell(agent)
    tell(other_agent)
    pulse = client.get(f"/inbox/pulse/?view=all&stamp={stamp}")
    assert pulse.json()["notices"] == "1"
    assert "data-notices>1<" in words(client.get("/inbox/all/"))


def test_the_count_stops_at_its_cap(
    tell: Callable[..., Notification], agent: User, sign_in: SignIn
) -> None:
    for number in range(101):
        tell(agent, key=f"k{number}")
    assert "data-notices>99+<" in words(sign_in(agent).get("/notifications/"))


def test_the_list_says_what_of_whom_and_is_marked_read(
    tell: Callable[..., Notification], case: Case, agent: User, sign_in: SignIn
) -> None:
    mention = tell(agent, by="Elif")
    tell(agent, "approval", key="a", what="returned", by="Deniz")
    client = sign_in(agent)
    page = words(client.get("/notifications/"))
    assert f"You are mentioned on {case.public_id}." in page
    assert "by Elif" in page
    assert "was sent back" in page
    narrowed = words(client.get("/notifications/?kind=approval"))
    assert "You are mentioned" not in narrowed
    client.post("/notifications/read/", {"notice": mention.pk})
    unread = words(client.get("/notifications/?show=unread"))
    assert "You are mentioned" not in unread
    assert "was sent back" in unread
    client.post("/notifications/read/")
    assert "Nothing here" in words(client.get("/notifications/?show=unread"))


def test_who_opens_the_case_has_read_what_was_said_of_it(
    tell: Callable[..., Notification], case: Case, agent: User, sign_in: SignIn
) -> None:
    notice = tell(agent)
    page = words(sign_in(agent).get(f"/cases/{case.public_id}/"))
    notice.refresh_from_db()
    assert notice.read_at is not None
    assert "data-notices><" in page


def test_nobody_reads_or_marks_the_notices_of_another_one(
    tell: Callable[..., Notification],
    agent: User,
    other_agent: User,
    stranger: User,
    sign_in: SignIn,
) -> None:
    notice = tell(agent)
    for person in (other_agent, stranger):
        client = sign_in(person)
        assert "You are mentioned" not in words(client.get("/notifications/"))
        client.post("/notifications/read/", {"notice": notice.pk})
        client.post("/notifications/read/")
    notice.refresh_from_db()
    assert notice.read_at is None


def test_a_case_in_a_lane_that_one_may_not_see_any_more_leaves_the_list(
    tell: Callable[..., Notification], case: Case, agent: User, sign_in: SignIn
) -> None:
    tell(agent)
    Case.objects.update(lane="minor")
    page = words(sign_in(agent).get("/notifications/"))
    assert case.public_id not in page
    assert "data-notices><" in page


def test_ways_are_kept_for_each_kind(agent: User, sign_in: SignIn) -> None:
    client = sign_in(agent)
    client.post("/notifications/ways/", {"mention.in_desk": "on", "breach.at_once": "on"})
    kept = {one.kind: one for one in NoticePreference.objects.filter(user=agent)}
    assert set(kept) == set(NotificationKind.values)
    assert (kept["mention"].in_desk, kept["mention"].at_once) == (True, False)
    assert (kept["breach"].in_desk, kept["breach"].at_once) == (False, True)


def test_quiet_hours_have_two_ends(agent: User, sign_in: SignIn) -> None:
    client = sign_in(agent)
    wrong = client.post("/notifications/hours/", {"quiet_from": "22:00"})
    assert wrong.status_code == 422
    assert "a beginning and an end" in words(wrong)
    client.post(
        "/notifications/hours/",
        {"quiet_from": "22:00", "quiet_until": "07:00", "digest_at": "08:30"},
    )
    assert str(NoticeHours.objects.get(user=agent).digest_at) == "08:30:00"
    assert 'value="22:00"' in words(client.get("/notifications/ways/"))


def test_a_messenger_is_added_sealed_never_shown_again_and_removed(
    agent: User, other_agent: User, sign_in: SignIn
) -> None:
    client = sign_in(agent)
    wrong = client.post("/notifications/addresses/add/", {"label": "x", "address": "mailto://a"})
    assert wrong.status_code == 422
    assert "This service is not offered" in words(wrong)
    client.post(
        "/notifications/addresses/add/", {"label": "Phone", "address": "ntfy://very-secret-topic"}
    )
    page = words(client.get("/notifications/ways/"))
    assert "Phone" in page
    assert "very-secret-topic" not in page
    row = NoticeAddress.objects.get()
    sign_in(other_agent).post("/notifications/addresses/remove/", {"address": row.pk})
    row.refresh_from_db()
    assert row.ended_at is None
    client.post("/notifications/addresses/remove/", {"address": row.pk})
    row.refresh_from_db()
    assert (row.ended_at is not None, bytes(row.sealed)) == (True, b"")
