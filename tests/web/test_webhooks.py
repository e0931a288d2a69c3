"""Leads set up whom the desk tells, and see whether it arrives."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from amends.accounts.models import User
from amends.connectors.kit.guard import OutboundGuard
from amends.hooks import subscribe
from amends.hooks.models import WebhookDelivery, WebhookSubscription
from amends.web.api.api import openapi_document
from tests.web.api.conftest import Program, code_of
from tests.web.api.conftest import program as program
from tests.web.conftest import words

SignIn = Callable[[User], Client]
SAID = {"url": "https://crm.example/hook?key=k", "events": ["case.created", "case.closed"]}


@pytest.fixture(autouse=True)
def _names_lead_to_the_internet(monkeypatch: pytest.MonkeyPatch) -> None:
    guard = OutboundGuard(resolver=lambda _host, _port: ["93.184.216.34"])
    monkeypatch.setattr(subscribe, "outbound_guard", lambda: guard)


def test_the_whole_life_of_a_webhook(sign_in: SignIn, lead: User) -> None:
    client = sign_in(lead)
    shown = words(client.post(reverse("webhooks"), SAID, follow=True))
    hook = WebhookSubscription.objects.get()
    assert "whsec_" in shown
    one = f"{reverse('webhooks')}?webhook={hook.pk}"
    assert "whsec_" not in words(client.get(one))
    assert "key=k" not in words(client.get(reverse("webhooks")))

    def do(name: str) -> str:
        said = {"webhook": hook.pk, "do": name}
        return words(client.post(reverse("webhook_do"), said, follow=True))

    assert "on its way" in do("test")
    assert "whsec_" in do("rotate")
    do("pause")
    assert "paused" in do("test")  # refused, and the page says why
    hook.refresh_from_db()
    assert hook.status == "paused"
    do("resume")
    delivery = WebhookDelivery.objects.get()
    assert (delivery.event, delivery.status) == ("test", "failed")  # the pause gave it up
    again = {"webhook": hook.pk, "delivery": delivery.public_id}
    client.post(reverse("webhook_again"), again)
    delivery.refresh_from_db()
    assert delivery.status == "waiting"
    client.post(reverse("webhook_change"), SAID | {"webhook": hook.pk, "events": ["reply.sent"]})
    hook.refresh_from_db()
    assert hook.events == ["reply.sent"]
    do("end")
    assert client.get(one).status_code == 404


@pytest.mark.parametrize(
    "changes", [{"url": "http://crm.example"}, {"events": []}, {"events": ["x"]}, {"url": "x"}]
)
def test_what_cannot_be_is_said_beside_the_form(
    changes: dict[str, object], sign_in: SignIn, lead: User
) -> None:
    client = sign_in(lead)
    assert client.post(reverse("webhooks"), SAID | changes).status_code == 422
    client.post(reverse("webhooks"), SAID)
    hook = WebhookSubscription.objects.get()
    refused = client.post(reverse("webhook_change"), SAID | changes | {"webhook": hook.pk})
    assert refused.status_code == 422


def test_the_webhook_of_another_workspace_is_none(
    sign_in: SignIn, lead: User, stranger: User
) -> None:
    sign_in(lead).post(reverse("webhooks"), SAID)
    hook = WebhookSubscription.objects.get()
    client = sign_in(stranger)
    assert client.get(f"{reverse('webhooks')}?webhook={hook.pk}").status_code == 404
    for name in ("webhook_do", "webhook_change", "webhook_again"):
        answer = client.post(reverse(name), {"webhook": hook.pk, "do": "end"})
        assert answer.headers["Location"] == reverse("webhooks")
    hook.refresh_from_db()
    assert hook.status == "active"


def test_a_program_does_the_same(
    lead: User, agent: User, program: Callable[..., Program], now: datetime
) -> None:
    desk = program(lead)
    made = desk.post("/webhooks", SAID)
    assert made.status_code == 201
    assert made.json()["secret"].startswith("whsec_")
    path = f"/webhooks/{made.json()['id']}"
    assert "secret" not in desk.get(path).json()
    assert desk.post(f"{path}/rotate").json()["secret"] != made.json()["secret"]
    queued = desk.post(f"{path}/test")
    assert (queued.status_code, queued.json()["status"]) == (202, "waiting")
    assert [one["event"] for one in desk.get(f"{path}/deliveries").json()["deliveries"]] == ["test"]
    assert desk.post(f"{path}/pause").json()["status"] == "paused"
    assert code_of(desk.post(f"{path}/test")) == "not_possible"
    assert desk.post(f"{path}/resume").json()["status"] == "active"
    again = desk.post(f"{path}/deliveries/{queued.json()['id']}/again")
    assert again.status_code == 202
    assert desk.put(path, SAID | {"events": ["reply.sent"]}).json()["events"] == ["reply.sent"]
    bad = desk.put(path, SAID | {"url": "http://crm.example"})
    assert bad.json()["errors"][0]["field"] == "body.url"
    assert desk.ask("DELETE", path).status_code == 204
    assert code_of(desk.get(path)) == "not_found"
    assert desk.get("/webhooks").json() == {"webhooks": []}
    assert code_of(program(agent).get("/webhooks")) == "scope"


def test_the_events_of_the_handbook_are_those_that_there_are() -> None:
    from pathlib import Path

    from amends.hooks.events import EVENTS
    from amends.web.api.problems import TITLES

    docs = Path(__file__).resolve().parents[2] / "docs"
    text = (docs / "webhooks.md").read_text(encoding="utf-8")
    assert [one for one in EVENTS if f"`{one}`" not in text] == []
    text = (docs / "api.md").read_text(encoding="utf-8")
    rows = [f"| `{code}` | {status.value} |" for code, (status, _title) in TITLES.items()]
    assert [row for row in rows if row not in text] == []
    assert openapi_document()["info"]["version"] == "v1"
