"""Reads of webhooks; those who manage them see all of their workspace, and they see every lane."""

from __future__ import annotations

from django.db.models import QuerySet

from amends.accounts.models import User, Workspace
from amends.accounts.permissions import may_manage_webhooks
from amends.hooks.models import HookStatus, WebhookDelivery, WebhookSubscription

KEPT = 50  # finished deliveries of a subscription that are kept and shown


def hooks_visible_to(user: User, *, workspace: Workspace) -> QuerySet[WebhookSubscription]:
    rows = WebhookSubscription.objects.filter(workspace=workspace).exclude(status=HookStatus.ENDED)
    rows = rows.select_related("owner", "workspace").order_by("pk")
    return rows if may_manage_webhooks(user, workspace) else rows.none()


def deliveries_visible_to(user: User, *, hook: WebhookSubscription) -> QuerySet[WebhookDelivery]:
    """The latest first; cut them at `KEPT`."""
    rows = WebhookDelivery.objects.filter(subscription=hook).order_by("-pk")
    rows = rows.select_related("subscription", "workspace")
    return rows if may_manage_webhooks(user, hook.workspace) else rows.none()
