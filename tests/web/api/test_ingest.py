"""Comments of own systems come in once, through the capture of every channel, with their orders."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from amends.accounts.models import Brand, User, Workspace
from amends.cases.erase import erase_comment
from amends.cases.models import Decision
from amends.core.clock import ScriptedClock
from amends.inbox.connect import connect_account, pause_account
from amends.inbox.models import ChannelAccount, Comment, OrderLink, RawEvent, Version
from amends.pipeline.desk import Desk
from amends.pipeline.runner import run_until_idle
from amends.record.models import ActionLog
from tests.support.desk import ToldClassifier
from tests.web.api.conftest import Program, code_of

Make = Callable[..., Program]


@pytest.fixture
def shop(workspace: Workspace, brand: Brand, lead: User, now: datetime) -> ChannelAccount:
    """Our shop, connected yesterday."""
    return connect_account(
        workspace, brand=brand, kind="api", values={"name": "Shop"}, by=lead,
        now=now - timedelta(days=1),
    )  # fmt: skip


def item(name: str, *, now: datetime, **changes: Any) -> dict[str, Any]:
    return {
        "external_id": name,
        "text": "Where is my parcel?",
        "author": {"id": "customer-88", "name": "Sanne"},
        "published_at": (now - timedelta(hours=1)).isoformat(),
        "orders": [{"reference": "A-20177", "url": "https://shop.example/orders/20177"}],
        **changes,
    }


def send(desk: Program, shop: ChannelAccount, *items: object) -> dict[str, Any]:
    answer = desk.post("/comments/bulk", {"channel": shop.pk, "comments": list(items)})
    assert answer.status_code == 200, answer.content
    said: dict[str, Any] = answer.json()
    return said


def run(now: datetime) -> None:
    made = Desk(clock=ScriptedClock(now + timedelta(seconds=5)))
    made.classifier = lambda: ToldClassifier()
    run_until_idle(made)


def test_what_is_brought_in_gets_its_case_and_its_order(
    shop: ChannelAccount, agent: User, program: Make, now: datetime
) -> None:
    desk = program(agent)
    said = send(desk, shop, item("q-1", now=now), item("q-2", now=now, thread_id="t-2"))
    assert (said["accepted"], said["rejected"]) == (2, 0)
    run(now)
    (first, *_rest) = desk.get("/cases?order=A-20177&sort=number").json()["cases"]
    assert first["author"]["display_name"] == "Sanne"
    whole = desk.get(f"/cases/{first['id']}").json()
    assert whole["conversation"][0]["orders"] == [
        {"reference": "A-20177", "url": "https://shop.example/orders/20177", "state": ""}
    ]
    client = Client()
    client.force_login(agent)
    shown = client.get(f"/cases/{first['id']}/").content.decode()
    assert 'href="https://shop.example/orders/20177"' in shown
    entry = ActionLog.objects.get(action="comment.ingest")
    assert (entry.data["accepted"], entry.subject_id) == (2, str(shop.pk))
    assert desk.prefix in entry.data["token"]


def test_sending_again_is_harmless_and_another_text_is_an_edit(
    shop: ChannelAccount, agent: User, program: Make, now: datetime
) -> None:
    desk = program(agent)
    send(desk, shop, item("q-1", now=now))
    run(now)
    assert send(desk, shop, item("q-1", now=now), item("q-1", now=now))["known"] == 2
    assert send(desk, shop, item("q-1", now=now, text="It has come."))["accepted"] == 1
    run(now)
    comment = Comment.objects.get()
    assert [one.text for one in comment.versions.order_by("pk")] == [
        "Where is my parcel?",
        "It has come.",
    ]
    assert OrderLink.objects.count() == 1


def test_a_deletion_is_told_too(
    shop: ChannelAccount, agent: User, program: Make, now: datetime
) -> None:
    desk = program(agent)
    gone = {"external_id": "q-1", "is_deleted": True, "deleted_by": "author"}
    send(desk, shop, item("q-1", now=now), gone)
    run(now)
    tombstone = Version.objects.get(is_tombstone=True)
    assert (tombstone.gone_cause, tombstone.method) == ("author", "api")


def test_a_bad_item_keeps_no_other_one_out(
    shop: ChannelAccount, agent: User, program: Make, now: datetime
) -> None:
    later = (now + timedelta(days=1)).isoformat()
    said = send(
        program(agent),
        shop,
        item("q-1", now=now),
        {"external_id": "q-2"},
        {"external_id": "q-3", "text": 7},
        item("q-4", now=now, published_at="yesterday"),
        item("q-5", now=now, published_at=later),
        item("q-6", now=now, url="javascript:alert(1)"),
        item("q-7", now=now, text="a\x00b"),
        item("x" * 251, now=now),
    )
    assert [one["status"] for one in said["results"]] == [
        "accepted", "rejected", "rejected", "rejected", "rejected", "rejected", "accepted", "rejected",
    ]  # fmt: skip
    assert [one["index"] for one in said["results"]] == list(range(8))
    assert said["results"][1]["error"].startswith("text, author.id")
    assert said["results"][3]["error"].startswith("published_at:")
    assert RawEvent.objects.count() == 2


def test_a_thousand_come_in_one_call_and_no_more(
    shop: ChannelAccount, agent: User, program: Make, now: datetime
) -> None:
    desk = program(agent)
    items = [item(f"q-{number}", now=now, orders=[]) for number in range(1000)]
    assert send(desk, shop, *items)["accepted"] == 1000
    answer = desk.post("/comments/bulk", {"channel": shop.pk, "comments": [*items, items[0]]})
    assert code_of(answer) == "invalid"


def test_history_starts_no_clocks(
    shop: ChannelAccount, agent: User, program: Make, now: datetime
) -> None:
    desk = program(agent)
    send(desk, shop, item("q-1", now=now, published_at="2020-01-01T00:00:00Z"))
    run(now)
    (case,) = desk.get("/cases").json()["cases"]
    assert (case["disposition"], case["clocks"]["first_reply_due_at"]) == ("history", None)


def test_only_an_own_system_that_is_not_paused_takes_comments(
    shop: ChannelAccount, account: ChannelAccount, agent: User, lead: User, program: Make,
    now: datetime,
) -> None:  # fmt: skip
    desk = program(agent)
    body = {"channel": account.pk, "comments": [item("q-1", now=now)]}
    assert code_of(desk.post("/comments/bulk", body)) == "not_possible"
    pause_account(shop, by=lead, now=now)
    assert code_of(desk.post("/comments/bulk", body | {"channel": shop.pk})) == "not_possible"
    assert code_of(desk.post("/comments/bulk", body | {"channel": 10**6})) == "not_found"
    assert not RawEvent.objects.exists()


def test_a_viewer_and_a_stranger_bring_nothing_in(
    shop: ChannelAccount, viewer: User, stranger: User, program: Make, now: datetime
) -> None:
    body = {"channel": shop.pk, "comments": [item("q-1", now=now)]}
    assert code_of(program(viewer).post("/comments/bulk", body)) == "scope"
    assert code_of(program(stranger).post("/comments/bulk", body)) == "not_found"
    assert not RawEvent.objects.exists()


def test_two_systems_may_use_the_same_ids(
    shop: ChannelAccount, workspace: Workspace, brand: Brand, lead: User, agent: User,
    program: Make, now: datetime,
) -> None:  # fmt: skip
    app = connect_account(
        workspace, brand=brand, kind="api", values={"name": "App"}, by=lead, now=now
    )
    desk = program(agent)
    send(desk, shop, item("q-1", now=now))
    send(desk, app, item("q-1", now=now, text="Die App stürzt ab."))
    run(now)
    assert Comment.objects.filter(external_id="q-1").count() == 2


def test_an_erasure_forgets_the_order_too(
    shop: ChannelAccount, agent: User, lead: User, program: Make, now: datetime
) -> None:
    desk = program(agent)
    send(desk, shop, item("q-1", now=now))
    run(now)
    erase_comment(Comment.objects.get(), reason="The author asked.", by=lead, now=now)
    assert not OrderLink.objects.exists()
    assert send(desk, shop, item("q-1", now=now))["known"] == 1


def test_where_an_order_stands_is_told_and_told_again_without_a_new_version(
    shop: ChannelAccount, agent: User, program: Make, now: datetime
) -> None:
    desk = program(agent)
    order = {"reference": "A-20177"}
    assert send(desk, shop, item("q-1", now=now, orders=[{**order, "state": "sent"}]))["accepted"]
    run(now)
    assert OrderLink.objects.get().state == "sent"
    decision = Decision.objects.latest("pk")
    assert decision.inputs["order_state"] == "sent"
    later = item("q-1", now=now, orders=[{**order, "state": "delivered"}])
    assert send(desk, shop, later)["accepted"] == 1
    assert send(desk, shop, later)["known"] == 1
    run(now)
    assert OrderLink.objects.get().state == "delivered"
    assert Version.objects.count() == 1
    assert send(desk, shop, item("q-1", now=now, orders=[order]))["accepted"] == 1
    run(now)
    assert OrderLink.objects.get().state == "delivered"  # silence takes nothing back


def test_a_state_that_no_order_has_is_rejected(
    shop: ChannelAccount, agent: User, program: Make, now: datetime
) -> None:
    wrong = item("q-1", now=now, orders=[{"reference": "A-1", "state": "lost in space"}])
    said = send(program(agent), shop, wrong)
    assert said["rejected"] == 1
    assert "orders.0.state" in said["results"][0]["error"]
