"""Webhooks by program: what a person does on the page Webhooks, and the last deliveries."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from ninja import Field, Path, Router, Schema, Status

from amends.hooks.events import EVENTS
from amends.hooks.models import WebhookDelivery, WebhookSubscription
from amends.hooks.queries import KEPT, deliveries_visible_to, hooks_visible_to
from amends.hooks.subscribe import (
    HookRefused,
    change_hook,
    end_hook,
    pause_hook,
    resume_hook,
    rotate_secret,
    send_once_more,
    send_test,
    subscribe,
)
from amends.web.api.gate import WEBHOOKS, ApiRequest
from amends.web.api.problems import Problem
from amends.web.api.shapes import Key, PersonOut, Text

router = Router(tags=["webhooks"])
HookId = Annotated[Key, Path()]


class WebhookIn(Schema):
    """Events are named `noun.verb`; docs/webhooks.md lists them."""

    url: Annotated[
        Text, Field(min_length=1, max_length=1000, examples=["https://crm.example/hook"])
    ]
    events: Annotated[
        list[Annotated[str, Field(json_schema_extra={"enum": list(EVENTS)})]],
        Field(min_length=1, max_length=50),
    ]


class WebhookOut(Schema):
    """`problem` says why it paused itself."""

    id: int
    url: str
    events: list[str]
    status: str
    problem: str
    owner: PersonOut | None
    created_at: datetime

    @classmethod
    def of(cls, hook: WebhookSubscription) -> WebhookOut:
        return cls(**_said(hook))


class WebhookMadeOut(WebhookOut):
    """With the secret, shown only now."""

    secret: str


class WebhooksOut(Schema):
    webhooks: list[WebhookOut]


class WebhookDeliveryOut(Schema):
    """The last try of one event; `answer` is the head of what came back, or what went wrong."""

    id: str
    event: str
    status: str
    tries: int
    http_status: int | None
    latency_ms: int | None
    answer: str
    occurred_at: datetime
    tried_at: datetime | None

    @classmethod
    def of(cls, one: WebhookDelivery) -> WebhookDeliveryOut:
        return cls(
            id=one.public_id,
            event=one.event,
            status=one.status,
            tries=one.tries,
            http_status=one.http_status,
            latency_ms=one.latency_ms,
            answer=one.answer,
            occurred_at=one.occurred_at,
            tried_at=one.tried_at,
        )


class WebhookDeliveriesOut(Schema):
    deliveries: list[WebhookDeliveryOut]


@router.get("/webhooks", response=WebhooksOut, auth=WEBHOOKS, summary="List webhooks")
def list_webhooks(request: ApiRequest) -> WebhooksOut:
    """The webhooks of the workspace."""
    rows = hooks_visible_to(request.user, workspace=request.workspace)
    return WebhooksOut(webhooks=[WebhookOut.of(one) for one in rows])


@router.post("/webhooks", response={201: WebhookMadeOut}, auth=WEBHOOKS, summary="Make a webhook")
def make_webhook(request: ApiRequest, wanted: WebhookIn) -> Status[WebhookMadeOut]:
    """Tell an address of events from now on; the secret is in this answer and nowhere else."""
    made, secret = subscribe(
        request.workspace,
        url=wanted.url,
        events=wanted.events,
        by=request.user,
        now=request.now,
    )
    return Status(201, WebhookMadeOut(**_said(made), secret=secret))


@router.get("/webhooks/{webhook_id}", response=WebhookOut, auth=WEBHOOKS, summary="Read a webhook")
def get_webhook(request: ApiRequest, webhook_id: HookId) -> WebhookOut:
    """One webhook, without its secret."""
    return WebhookOut.of(_find(request, webhook_id))


@router.put(
    "/webhooks/{webhook_id}", response=WebhookOut, auth=WEBHOOKS, summary="Change a webhook"
)
def put_webhook(request: ApiRequest, webhook_id: HookId, wanted: WebhookIn) -> WebhookOut:
    """Another address, other events."""
    hook = _find(request, webhook_id)
    change_hook(hook, url=wanted.url, events=wanted.events, by=request.user, now=request.now)
    return WebhookOut.of(hook)


@router.delete(
    "/webhooks/{webhook_id}", response={204: None}, auth=WEBHOOKS, summary="End a webhook"
)
def end_webhook(request: ApiRequest, webhook_id: HookId) -> Status[None]:
    """Tell it nothing more, and forget its secret."""
    end_hook(_find(request, webhook_id), by=request.user, now=request.now)
    return Status(204, None)


@router.post(
    "/webhooks/{webhook_id}/pause", response=WebhookOut, auth=WEBHOOKS, summary="Pause a webhook"
)
def pause(request: ApiRequest, webhook_id: HookId) -> WebhookOut:
    """What happens meanwhile is not told later."""
    hook = _find(request, webhook_id)
    pause_hook(hook, by=request.user, now=request.now)
    return WebhookOut.of(hook)


@router.post(
    "/webhooks/{webhook_id}/resume", response=WebhookOut, auth=WEBHOOKS, summary="Resume a webhook"
)
def resume(request: ApiRequest, webhook_id: HookId) -> WebhookOut:
    """Tell it again, from now on."""
    hook = _find(request, webhook_id)
    resume_hook(hook, by=request.user, now=request.now)
    return WebhookOut.of(hook)


@router.post(
    "/webhooks/{webhook_id}/rotate",
    response=WebhookMadeOut,
    auth=WEBHOOKS,
    summary="Make a new secret",
)
def rotate(request: ApiRequest, webhook_id: HookId) -> WebhookMadeOut:
    """For a day the old one signs beside the new one, which is in this answer and nowhere else."""
    hook = _find(request, webhook_id)
    secret = rotate_secret(hook, by=request.user, now=request.now)
    return WebhookMadeOut(**_said(hook), secret=secret)


@router.post(
    "/webhooks/{webhook_id}/test",
    response={202: WebhookDeliveryOut},
    auth=WEBHOOKS,
    summary="Send a test event",
)
def test(request: ApiRequest, webhook_id: HookId) -> Status[WebhookDeliveryOut]:
    """Queue an event that means nothing."""
    hook = _find(request, webhook_id)
    return Status(202, WebhookDeliveryOut.of(send_test(hook, by=request.user, now=request.now)))


@router.get(
    "/webhooks/{webhook_id}/deliveries",
    response=WebhookDeliveriesOut,
    auth=WEBHOOKS,
    summary="List the last deliveries",
)
def list_deliveries(request: ApiRequest, webhook_id: HookId) -> WebhookDeliveriesOut:
    """The last fifty, the latest first."""
    rows = deliveries_visible_to(request.user, hook=_find(request, webhook_id))[:KEPT]
    return WebhookDeliveriesOut(deliveries=[WebhookDeliveryOut.of(one) for one in rows])


@router.post(
    "/webhooks/{webhook_id}/deliveries/{delivery_id}/again",
    response={202: WebhookDeliveryOut},
    auth=WEBHOOKS,
    summary="Send a delivery again",
)
def again(
    request: ApiRequest,
    webhook_id: HookId,
    delivery_id: Annotated[str, Path(pattern="^whd_[0-9a-f]{32}$")],
) -> Status[WebhookDeliveryOut]:
    """The same event under the same id."""
    rows = deliveries_visible_to(request.user, hook=_find(request, webhook_id))
    found = rows.filter(public_id=delivery_id).first()
    if found is None:
        raise Problem("not_found", "There is no such delivery any more.")
    send_once_more(found, by=request.user, now=request.now)
    found.refresh_from_db()
    return Status(202, WebhookDeliveryOut.of(found))


def refused(error: HookRefused) -> Problem:
    """What the verbs refuse, as a problem."""
    if not error.field:
        return Problem("not_possible", str(error))
    fault = {"field": f"body.{error.field}", "message": str(error)}
    return Problem("invalid", str(error), errors=(fault,))


def _find(request: ApiRequest, pk: int) -> WebhookSubscription:
    rows = hooks_visible_to(request.user, workspace=request.workspace)
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Problem("not_found", "There is no such webhook.")
    return found


def _said(hook: WebhookSubscription) -> dict[str, Any]:
    return {
        "id": hook.pk,
        "url": hook.url,
        "events": list(hook.events),
        "status": hook.status,
        "problem": hook.problem,
        "owner": PersonOut.of(hook.owner),
        "created_at": hook.created_at,
    }
