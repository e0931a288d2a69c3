"""Tells one event to one address; what fails is tried for a day, then the subscription pauses itself.

The exchange happens outside of any transaction. A crash between it and the note of it sends the same again,
under the same id: who hears it can tell.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import httpx
from django.db import transaction

import amends
from amends.accounts.credentials import SealBroken
from amends.accounts.models import NotificationKind
from amends.accounts.notify import notify
from amends.accounts.permissions import may_manage_webhooks
from amends.connectors.kit.errors import ChannelError
from amends.connectors.kit.guard import OutboundGuard
from amends.connectors.kit.transport import Bounds
from amends.core.clock import Clock
from amends.hooks.models import HookStatus, TellingStatus, WebhookDelivery, WebhookSubscription
from amends.hooks.payload import is_not_judged_yet, is_to_be_told, write_payload
from amends.hooks.sign import signature_header
from amends.hooks.subscribe import give_up_waiting, host_of, secrets_of
from amends.record.log import WORKER, Subject, log_action
from amends.work.claim import Claim, finish, put_off

GIVE_UP_AFTER = timedelta(hours=24)
PAUSES = tuple(timedelta(minutes=one) for one in (0.5, 2, 10, 30, 60, 120, 240, 480))
BOUNDS = Bounds(connect_seconds=5.0, read_seconds=10.0, total_seconds=15.0, max_bytes=100_000)
HEAD = 500  # characters of an answer that are kept
NOT_JUDGED_YET = timedelta(seconds=5)
GONE = 410  # the other side says that nobody will ever listen there again


@dataclass(frozen=True, slots=True)
class Told:
    """What came of a try; `status` is None where nobody answered."""

    status: int | None
    latency_ms: int
    answer: str

    @property
    def is_taken(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def deliver_webhook(claim: Claim[WebhookDelivery], *, clock: Clock, guard: OutboundGuard) -> None:
    """The step: check that it may be told, tell it, note what came of it."""
    row, now = claim.row, clock.now()
    hook = row.subscription
    if hook.status != HookStatus.ACTIVE:
        _end(claim, status=TellingStatus.FAILED, answer="The webhook was paused.")
        return
    if not may_manage_webhooks(hook.owner, row.workspace):
        _pause(claim, problem="Its owner may not manage webhooks any more.", now=now)
        return
    if is_not_judged_yet(row):
        put_off(claim, until=now + NOT_JUDGED_YET, error="", attempts=0)
        return
    if not is_to_be_told(row):
        _end(claim, status=TellingStatus.DROPPED, answer="Not for its owner to see.")
        return
    if not row.payload:
        row.payload = write_payload(row)
        WebhookDelivery.objects.filter(pk=row.pk, lease_token=claim.token).update(
            payload=row.payload
        )
    try:
        headers = _headers(row, now=now)
    except SealBroken as error:
        _pause(claim, problem=str(error), now=now)
        return
    told = _tell(hook.url, body=row.payload.encode(), headers=headers, guard=guard)
    _note(claim, told=told, now=clock.now())


def _headers(row: WebhookDelivery, *, now: datetime) -> dict[str, str]:
    body = row.payload.encode()
    keys = secrets_of(row.subscription, now=now)
    return {
        "Content-Type": "application/json",
        "User-Agent": f"Amends-Webhooks/{amends.__version__}",
        "X-Amends-Event": row.event,
        "X-Amends-Delivery": row.public_id,
        "X-Amends-Signature": signature_header(body, keys=keys, now=now),
    }


def _tell(url: str, *, body: bytes, headers: Mapping[str, str], guard: OutboundGuard) -> Told:
    """One POST over the guard; redirects are not followed, and only the head of the answer is read."""
    begun = time.monotonic()
    try:
        with (
            guard.open_client(BOUNDS) as client,
            client.stream("POST", url, content=body, headers=dict(headers)) as answer,
        ):
            status, head = answer.status_code, _head_of(answer)
    except (ChannelError, httpx.HTTPError, httpx.InvalidURL) as error:
        return Told(None, _since(begun), f"{type(error).__name__}: {error}"[:HEAD])
    if 300 <= status < 400:
        head = f"Redirects are not followed: enter the new address. {head}"[:HEAD]
    return Told(status, _since(begun), head)


def _head_of(answer: httpx.Response) -> str:
    seen = b""
    try:
        for part in answer.iter_bytes():
            seen += part
            if len(seen) >= HEAD * 4:
                break
    except (ChannelError, httpx.HTTPError):
        pass  # the status is what counts
    return seen.decode("utf-8", "replace").replace("\x00", "\ufffd")[:HEAD]


def _since(begun: float) -> int:
    return int((time.monotonic() - begun) * 1000)


def _note(claim: Claim[WebhookDelivery], *, told: Told, now: datetime) -> None:
    row = claim.row
    first = row.first_tried_at or now
    seen = {
        "tries": row.tries + 1,
        "first_tried_at": first,
        "tried_at": now,
        "http_status": told.status,
        "latency_ms": told.latency_ms,
        "answer": told.answer,
    }
    hooks = WebhookSubscription.objects.filter(pk=row.subscription_id)
    with transaction.atomic():
        WebhookDelivery.objects.filter(pk=row.pk, lease_token=claim.token).update(**seen)
        if told.is_taken:
            hooks.filter(failing_since__isnull=False).update(failing_since=None)
            _end(claim, status=TellingStatus.DELIVERED)
            return
        hooks.filter(failing_since__isnull=True).update(failing_since=now)
        if told.status == GONE or now - first >= GIVE_UP_AFTER:
            said = f"answered {told.status}" if told.status else told.answer
            _pause(claim, problem=f"It has not taken anything: {said}"[:500], now=now)
            return
        pause = PAUSES[min(row.tries, len(PAUSES) - 1)]
        until = min(now + pause, first + GIVE_UP_AFTER)
        put_off(claim, until=until, error=told.answer, attempts=0)


def _pause(claim: Claim[WebhookDelivery], *, problem: str, now: datetime) -> None:
    """Stop telling this address anything, and say so to its owner."""
    row = claim.row
    hook = row.subscription
    with transaction.atomic():
        _end(claim, status=TellingStatus.FAILED)
        rows = WebhookSubscription.objects.filter(pk=hook.pk, status=HookStatus.ACTIVE)
        if not rows.update(status=HookStatus.PAUSED, problem=problem):
            return
        give_up_waiting(hook)
        about = Subject("webhook", host_of(hook.url), host_of(hook.url))
        log_action(
            "webhook.fail",
            workspace_id=row.workspace_id,
            actor=WORKER,
            subject=Subject("webhook", str(hook.pk), host_of(hook.url)),
            now=now,
            data={"status": row.http_status},
        )
        notify(
            hook.owner,
            workspace=row.workspace,
            kind=NotificationKind.CONNECTION,
            about=about,
            now=now,
            key=f"webhook:{hook.pk}:{now.isoformat()}",
        )


def _end(claim: Claim[WebhookDelivery], *, status: TellingStatus, answer: str = "") -> None:
    said = {"answer": answer} if answer else {}
    with transaction.atomic():
        WebhookDelivery.objects.filter(pk=claim.row.pk, lease_token=claim.token).update(
            status=status, **said
        )
        finish(claim)
