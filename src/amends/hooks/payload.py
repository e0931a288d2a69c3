"""What an event says: ids, codes and where to read more; never a word of a comment, note or reason."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.conf import settings

from amends.cases.models import Case
from amends.cases.queries import cases_visible_to
from amends.hooks.events import TEST
from amends.hooks.models import WebhookDelivery, WebhookSubscription
from amends.inbox.models import Version

API_VERSION = "v1"


def is_to_be_told(delivery: WebhookDelivery) -> bool:
    """Whether the owner of the subscription may know of it, asked anew at every try: lanes change."""
    return delivery.event == TEST or case_of(delivery) is not None


def is_not_judged_yet(delivery: WebhookDelivery) -> bool:
    """Whether a comment is still on its way to its case: before, nobody knows whom it concerns."""
    if delivery.subject_kind != "comment":
        return False
    version = _version(delivery)
    return (
        version is not None and version.next_step in {"classify", "decide"} and bool(version.due_at)
    )


def case_of(delivery: WebhookDelivery) -> Case | None:
    """The case that an event is about, in the sight of the subscription's owner."""
    seen = cases_visible_to(delivery.subscription.owner, workspace=delivery.workspace)
    seen = seen.select_related("comment")
    if delivery.subject_kind == "comment":
        version = _version(delivery)
        return seen.filter(items__comment=version.comment_id).first() if version else None
    number = delivery.subject_id.removeprefix("C-")
    return seen.filter(number=int(number)).first() if number.isdecimal() else None


def write_payload(delivery: WebhookDelivery) -> str:
    """The body, as every try sends it; the caller has made sure that it may be told."""
    said: dict[str, Any] = {
        "id": delivery.public_id,
        "event": delivery.event,
        "api_version": API_VERSION,
        "workspace": delivery.workspace.slug,
        "occurred_at": _time(delivery.occurred_at),
        "sequence": delivery.pk,
        "data": {},
    }
    case = None if delivery.event == TEST else case_of(delivery)
    if case is not None:
        said["data"] = {"case": _case(case), "change": dict(delivery.facts)}
    if delivery.subject_kind == "comment":
        said["data"]["comment"] = _comment(delivery)
    return json.dumps(said, ensure_ascii=False)


def describe_target(hook: WebhookSubscription) -> str:
    """The address without its query, which may hold a secret of the other side."""
    return hook.url.partition("?")[0]


def _case(case: Case) -> dict[str, Any]:
    return {
        "id": case.public_id,
        "status": case.status,
        "lane": case.lane,
        "priority": case.priority,
        "severity": case.severity,
        "category": case.category,
        "language": case.language,
        "assignee_id": case.assignee_id,
        "disposition": case.disposition,
        "changed_at": _time(case.changed_at),
        "url": f"{settings.BASE_URL}/cases/{case.public_id}/",
        "api_url": f"{settings.BASE_URL}/api/v1/cases/{case.public_id}",
    }


def _comment(delivery: WebhookDelivery) -> dict[str, Any]:
    version = _version(delivery)
    if version is None:
        return {}
    comment = version.comment
    return {
        "id": comment.pk,
        "external_id": comment.external_id,
        "version_id": version.pk,
        "channel_id": comment.account_id,
        "published_at": _time(comment.published_at),
        "api_url": f"{settings.BASE_URL}/api/v1/comments/{comment.pk}",
    }


def _version(delivery: WebhookDelivery) -> Version | None:
    rows = Version.objects.select_related("comment")
    return rows.filter(pk=int(delivery.subject_id)).first()


def _time(moment: datetime) -> str:
    return moment.isoformat()
