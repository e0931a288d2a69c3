"""Who may have the desk tell others, where to, and of what."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest

from amends.accounts.models import User, Workspace
from amends.accounts.permissions import NotAllowed
from amends.connectors.kit.guard import OutboundGuard
from amends.hooks import subscribe as module
from amends.hooks.events import BY_ACTION, EVENTS
from amends.hooks.models import WebhookSubscription
from amends.hooks.queries import hooks_visible_to
from amends.hooks.subscribe import MOST, HookRefused, send_test, subscribe
from amends.record.models import ActionLog

Make = Callable[..., tuple[WebhookSubscription, str]]


@pytest.fixture(autouse=True)
def _names_lead_to_the_internet(monkeypatch: pytest.MonkeyPatch) -> None:
    def guard() -> OutboundGuard:
        return OutboundGuard(resolver=lambda host, _port: [HOSTS.get(host, "93.184.216.34")])

    monkeypatch.setattr(module, "outbound_guard", guard)


HOSTS = {"inside.example": "10.0.0.7", "127.0.0.1": "127.0.0.1"}


def test_the_secret_is_sealed_and_logged_nowhere(make_hook: Make, lead: User) -> None:
    hook, secret = make_hook(lead)
    assert secret.encode() not in bytes(hook.sealed_secrets)
    entry = ActionLog.objects.get(action="webhook.make")
    assert entry.subject_label == "crm.example"
    assert secret not in str(vars(entry))


@pytest.mark.parametrize(
    "url",
    [
        "http://crm.example/hook", "ftp://crm.example", "https://inside.example/", "https://",
        "https://user@crm.example/", "javascript:alert(1)", "http://127.0.0.1:9/x", "https://c/" + "x" * 1000,
    ],
)  # fmt: skip
def test_an_address_that_must_not_be_told_is_refused(url: str, make_hook: Make, lead: User) -> None:
    with pytest.raises(HookRefused) as refused:
        make_hook(lead, url=url)
    assert refused.value.field == "url"


@pytest.mark.parametrize("events", [[], ["case.exploded"], ["case.created", "x"]])
def test_an_unknown_event_is_refused(events: list[str], make_hook: Make, lead: User) -> None:
    with pytest.raises(HookRefused) as refused:
        make_hook(lead, events=events)
    assert refused.value.field == "events"


def test_ten_are_enough(make_hook: Make, lead: User) -> None:
    for _ in range(MOST):
        make_hook(lead)
    with pytest.raises(HookRefused):
        make_hook(lead)


def test_only_those_who_lead_manage_webhooks(
    workspace: Workspace, make_hook: Make, lead: User, agent: User, counsel: User, viewer: User,
    stranger: User, now: datetime,
) -> None:  # fmt: skip
    hook, _secret = make_hook(lead)
    for person in (agent, counsel, viewer, stranger):
        with pytest.raises(NotAllowed):
            make_hook(person)
        with pytest.raises(NotAllowed):
            send_test(hook, by=person, now=now)
        assert not hooks_visible_to(person, workspace=workspace).exists()
    assert hooks_visible_to(lead, workspace=workspace).get() == hook


def test_events_are_named_noun_dot_verb() -> None:
    for event in EVENTS:
        noun, _dot, verb = event.partition(".")
        assert noun in {"case", "comment", "reply", "promise", "measure", "appeal"}
        assert verb
    assert set(BY_ACTION.values()) < set(EVENTS)


def test_what_is_stored_of_an_entry_holds_no_words(settings: SimpleNamespace) -> None:
    from amends.hooks.events import facts_of

    data: dict[str, Any] = {
        "reason": "words",
        "name": "Elif",
        "from": "new",
        "to": ["a"],
        "kind": "hide",
    }
    assert facts_of("case.move", data) == {"action": "case.move", "from": "new", "kind": "hide"}


def test_a_stranger_of_the_same_role_cannot_change_it(
    make_hook: Make, lead: User, stranger: User, now: datetime
) -> None:
    hook, _secret = make_hook(lead)
    with pytest.raises(NotAllowed):
        module.end_hook(hook, by=stranger, now=now)
    with pytest.raises(NotAllowed):
        subscribe(
            hook.workspace, url="https://a.example", events=["case.created"], by=stranger, now=now
        )
