"""What happens is told once it is recorded, in order, signed; what fails is tried for a day."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import timedelta

import pytest

from amends.accounts.models import Membership, Notification, User
from amends.cases.assign import assign_case
from amends.cases.close import close_case
from amends.cases.models import Case
from amends.cases.note import write_note
from amends.hooks.deliver import GIVE_UP_AFTER
from amends.hooks.gather import gather_events, prune_deliveries
from amends.hooks.models import OutboxPlace, WebhookDelivery, WebhookSubscription
from amends.hooks.queries import KEPT
from amends.hooks.subscribe import (
    ROTATION,
    end_hook,
    pause_hook,
    resume_hook,
    rotate_secret,
    send_once_more,
    send_test,
)
from amends.inbox.capture import capture_event
from amends.inbox.models import ChannelAccount
from amends.pipeline.runner import run_until_idle
from amends.record.models import ActionLog
from tests.hooks.conftest import Crm
from tests.servers.faults import Answer, FaultServer
from tests.support.comments import created
from tests.support.desk import Colleagues

MakeCase = Callable[..., Case]


def fits(body: bytes, header: str, key: str) -> bool:
    """The check that docs/webhooks.md shows."""
    parts = [part.partition("=") for part in header.split(",")]
    stamp = next(value for name, _equals, value in parts if name == "t")
    made = hmac.new(key.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    given = [value for name, _equals, value in parts if name == "v1"]
    return any(hmac.compare_digest(made, one) for one in given)


def test_a_day_of_a_case_is_told_in_order(
    crm: Crm, make_case: MakeCase, agent: User, lead: User
) -> None:
    case = make_case()
    assign_case(case, to=agent, by=lead, now=crm.clock.now())
    write_note(case, text="Gizli not", by=agent, now=crm.clock.now())
    reason = "Başka mağaza"
    close_case(case, disposition="not_ours", reason=reason, by=agent, now=crm.clock.now())
    crm.live()
    told = [one for one in crm.told if not one["event"].startswith("comment.")]
    assert [one["event"] for one in told] == [
        "case.created", "case.assigned", "case.updated", "case.status_changed", "case.closed",
    ]  # fmt: skip
    assert told[-1]["data"]["case"]["id"] == case.public_id
    assert told[-1]["data"]["change"] == {
        "action": "case.move", "from": "new", "to": "no_action", "disposition": "not_ours",
    }  # fmt: skip
    everything = b"".join(request.body for request in crm.server.requests).decode()
    for words in ("Kargom", "Gizli", reason, str(agent)):
        assert words not in everything
    assert len({one["id"] for one in crm.told}) == len(crm.told)


def test_a_reply_that_was_approved_is_told(
    crm: Crm, make_case: MakeCase, colleagues: Colleagues
) -> None:
    case = make_case()
    colleagues.approve(case)
    crm.live()
    assert {"reply.requested", "reply.approved"} <= set(crm.events)


def test_each_telling_is_signed_and_named(crm: Crm, make_case: MakeCase) -> None:
    make_case()
    crm.live()
    for request in crm.server.requests:
        said = json.loads(request.body)
        assert request.headers["x-amends-delivery"] == said["id"]
        assert request.headers["x-amends-event"] == said["event"]
        assert fits(request.body, request.headers["x-amends-signature"], crm.secret)
        assert not fits(request.body, request.headers["x-amends-signature"], "whsec_other")


def test_while_a_secret_rotates_both_sign(crm: Crm, make_case: MakeCase, lead: User) -> None:
    second = rotate_secret(crm.hook, by=lead, now=crm.clock.now())
    send_test(crm.hook, by=lead, now=crm.clock.now())
    crm.live()
    (request,) = crm.server.requests
    header = request.headers["x-amends-signature"]
    assert header.count("v1=") == 2
    assert fits(request.body, header, crm.secret)
    assert fits(request.body, header, second)
    crm.clock.advance(ROTATION)
    send_test(crm.hook, by=lead, now=crm.clock.now())
    crm.live()
    header = crm.server.requests[-1].headers["x-amends-signature"]
    assert fits(crm.server.requests[-1].body, header, second)
    assert not fits(crm.server.requests[-1].body, header, crm.secret)


def test_what_was_heard_is_told_when_it_has_its_case(
    crm: Crm, account: ChannelAccount, desk: object
) -> None:
    now = crm.clock.now()
    capture_event(created("c-1", at=now), account=account, now=now)
    crm.live()
    assert crm.events == []  # nobody knows yet whom it concerns
    run_until_idle(crm.desk)
    crm.clock.advance(timedelta(seconds=10))
    crm.live()
    assert sorted(crm.events) == ["case.created", "comment.created"]
    later = crm.clock.now()
    edit = created("c-1", at=later, text="Geldi", version_key="c-1-v2", edited_at=later)
    capture_event(edit, account=account, now=later)
    run_until_idle(crm.desk)
    crm.live(rounds=3)
    assert crm.events.count("comment.edited") == 1
    assert crm.events.count("comment.created") == 1


@pytest.mark.parametrize("lane", ["employee", "legal", "threat", "minor"])
def test_a_restricted_case_leaves_only_in_the_sight_of_who_may_see_it(
    lane: str, crm: Crm, make_case: MakeCase, lead: User
) -> None:
    case = make_case()
    Case.objects.filter(pk=case.pk).update(lane=lane)
    crm.live()
    assert crm.told[-1]["data"]["case"]["lane"] == lane
    Membership.objects.filter(user=lead).update(role="agent")
    again = WebhookDelivery.objects.order_by("-pk")[0]
    WebhookDelivery.objects.filter(pk=again.pk).update(
        status="waiting", next_step="deliver_webhook", due_at=crm.clock.now()
    )
    before = len(crm.told)
    crm.live()
    assert len(crm.told) == before
    crm.hook.refresh_from_db()
    assert crm.hook.status == "paused"  # its owner may not manage webhooks any more


def test_another_workspace_hears_nothing(crm: Crm, make_case: MakeCase, stranger: User) -> None:
    other = stranger.memberships.get().workspace
    WebhookSubscription.objects.filter(pk=crm.hook.pk).update(workspace=other, owner=stranger)
    make_case()
    crm.live()
    assert crm.told == []


def test_a_failure_is_tried_again_ever_more_rarely_under_the_same_id(
    crm: Crm, make_case: MakeCase
) -> None:
    broken = True
    crm.server.script = lambda _request: Answer(status=500 if broken else 200, body=b"oh no")
    make_case()
    crm.live(rounds=3)
    delivery = WebhookDelivery.objects.get(event="case.created")
    assert (delivery.tries, delivery.http_status, delivery.answer) == (1, 500, "oh no")
    assert delivery.latency_ms is not None
    crm.wait(timedelta(hours=2), step=timedelta(minutes=1))
    delivery.refresh_from_db()
    assert 3 <= delivery.tries <= 7
    broken = False
    crm.wait(timedelta(hours=3))
    delivery.refresh_from_db()
    assert delivery.status == "delivered"
    bodies = {one.body for one in crm.server.requests if b"case.created" in one.body}
    assert len(bodies) == 1
    crm.hook.refresh_from_db()
    assert (crm.hook.status, crm.hook.failing_since) == ("active", None)


def test_after_a_day_it_pauses_itself_and_tells_its_owner_once(
    crm: Crm, make_case: MakeCase, lead: User
) -> None:
    crm.server.script = lambda _request: Answer(status=503)
    make_case()
    crm.live()
    crm.wait(GIVE_UP_AFTER + timedelta(hours=1))
    crm.hook.refresh_from_db()
    assert crm.hook.status == "paused"
    assert "503" in crm.hook.problem
    assert Notification.objects.filter(user=lead, kind="connection").count() == 1
    assert ActionLog.objects.filter(action="webhook.fail").count() == 1
    assert not WebhookDelivery.objects.filter(status="waiting").exists()
    count = len(crm.server.requests)
    crm.wait(timedelta(hours=2))
    assert len(crm.server.requests) == count


def test_gone_pauses_at_once(crm: Crm, make_case: MakeCase) -> None:
    crm.server.script = lambda _request: Answer(status=410)
    make_case()
    crm.live()
    crm.hook.refresh_from_db()
    assert crm.hook.status == "paused"


@pytest.mark.parametrize("fault", ["hang", "cut", "drip"])
def test_a_slow_or_broken_server_keeps_nobody(fault: str, crm: Crm, make_case: MakeCase) -> None:
    crm.server.script = lambda _request: Answer(fault=fault, body=b"x" * 200)
    make_case()
    crm.live()
    delivery = WebhookDelivery.objects.get(event="case.created")
    assert delivery.tries == 1
    assert delivery.latency_ms is not None
    assert delivery.latency_ms < 5_000


def test_a_redirect_is_not_followed_wherever_it_leads(crm: Crm, make_case: MakeCase) -> None:
    with FaultServer() as inside:
        crm.server.script = lambda _request: Answer(
            status=302, headers={"Location": f"{inside.url}/admin"}
        )
        make_case()
        crm.live()
        assert inside.requests == []
    delivery = WebhookDelivery.objects.get(event="case.created")
    assert delivery.http_status == 302
    assert delivery.answer.startswith("Redirects are not followed")


def test_an_address_inside_is_never_dialled(
    crm: Crm, make_case: MakeCase, settings: object
) -> None:
    settings.OUTBOUND_ALLOW = []  # type: ignore[attr-defined]
    make_case()
    crm.live()
    assert crm.told == []
    delivery = WebhookDelivery.objects.get(event="case.created")
    assert "not on the public internet" in delivery.answer


def test_a_crash_between_telling_and_noting_tells_the_same_again(
    crm: Crm, make_case: MakeCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    from amends.hooks import deliver

    real = deliver._note
    monkeypatch.setattr(deliver, "_note", lambda *_args, **_kwargs: 1 / 0)
    make_case()
    crm.live()
    monkeypatch.setattr(deliver, "_note", real)
    crm.wait(timedelta(minutes=5), step=timedelta(minutes=1))
    assert len({one["id"] for one in crm.told if one["event"] == "case.created"}) == 1
    assert WebhookDelivery.objects.get(event="case.created").status == "delivered"


def test_a_crash_while_gathering_loses_nothing_and_makes_nothing_twice(
    crm: Crm, make_case: MakeCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_case()
    crm.live()
    OutboxPlace.objects.update(position=0)  # as if the place had not been moved
    crm.live(rounds=2)
    assert crm.events.count("case.created") == 1


def test_a_hundred_events_are_each_told_and_the_last_fifty_kept(crm: Crm, lead: User) -> None:
    for _ in range(60):
        send_test(crm.hook, by=lead, now=crm.clock.now())
    crm.live()
    assert crm.events == ["test"] * 60
    assert prune_deliveries(now=crm.clock.now()) == 0  # they may still be looked at again
    crm.clock.advance(timedelta(hours=2))
    assert prune_deliveries(now=crm.clock.now()) == 10
    assert crm.hook.deliveries.count() == KEPT


def test_send_again_sends_the_same(crm: Crm, make_case: MakeCase, lead: User) -> None:
    make_case()
    crm.live()
    delivery = WebhookDelivery.objects.get(event="case.created")
    send_once_more(delivery, by=lead, now=crm.clock.now())
    crm.live()
    first, second = [one for one in crm.told if one["event"] == "case.created"]
    assert first == second


def test_while_it_is_paused_nothing_is_kept_for_later(
    crm: Crm, make_case: MakeCase, lead: User
) -> None:
    pause_hook(crm.hook, by=lead, now=crm.clock.now())
    make_case(external_id="c-1")
    crm.live()
    crm.clock.advance(timedelta(minutes=1))
    resume_hook(crm.hook, by=lead, now=crm.clock.now())
    crm.live()
    assert crm.told == []
    end_hook(crm.hook, by=lead, now=crm.clock.now())
    assert gather_events(now=crm.clock.now()) == 0
    crm.hook.refresh_from_db()
    assert bytes(crm.hook.sealed_secrets) == b""
