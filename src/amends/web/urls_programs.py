"""Addresses of the pages about programs: tokens, webhooks."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from amends.web import tokens, webhooks

urlpatterns: list[URLPattern | URLResolver] = [
    path("settings/tokens/", tokens.tokens, name="tokens"),
    path("settings/tokens/revoke/", tokens.revoke, name="token_revoke"),
    path("settings/webhooks/", webhooks.webhooks, name="webhooks"),
    path("settings/webhooks/change/", webhooks.change, name="webhook_change"),
    path("settings/webhooks/do/", webhooks.do, name="webhook_do"),
    path("settings/webhooks/again/", webhooks.again, name="webhook_again"),
]
