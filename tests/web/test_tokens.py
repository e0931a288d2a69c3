"""A person makes, sees and revokes their own tokens; the secret is shown once."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from amends.accounts.models import ApiToken, User
from tests.web.conftest import words

SignIn = Callable[[User], Client]


def test_the_secret_is_shown_once_and_works(sign_in: SignIn, agent: User) -> None:
    client = sign_in(agent)
    said = {"label": "CRM", "scopes": ["read", "note"], "expires": "90"}
    shown = words(client.post(reverse("tokens"), said, follow=True))
    token = ApiToken.objects.get()
    secret = next(part for part in shown.split('"') if part.startswith("amends_"))
    assert secret.startswith(token.prefix)
    again = words(client.get(reverse("tokens")))
    assert secret not in again
    assert token.prefix in again
    answer = Client().get("/api/v1/me", headers={"Authorization": f"Bearer {secret}"})
    assert answer.json()["scopes"] == ["read", "note"]
    assert token.expires_at is not None


def test_it_can_be_made_without_an_end(sign_in: SignIn, agent: User) -> None:
    said = {"label": "CRM", "scopes": ["read"], "expires": "0"}
    sign_in(agent).post(reverse("tokens"), said)
    assert ApiToken.objects.get().expires_at is None


@pytest.mark.parametrize(
    "changes", [{"label": " "}, {"scopes": []}, {"scopes": ["webhooks"]}, {"expires": "7"}]
)
def test_what_cannot_be_is_said_beside_the_form(
    changes: dict[str, object], sign_in: SignIn, agent: User
) -> None:
    said = {"label": "CRM", "scopes": ["read"], "expires": "30"} | changes
    assert sign_in(agent).post(reverse("tokens"), said).status_code == 422
    assert not ApiToken.objects.exists()


def test_a_viewer_is_offered_reading_alone(sign_in: SignIn, viewer: User, lead: User) -> None:
    shown = words(sign_in(viewer).get(reverse("tokens")))
    assert 'value="read"' in shown
    assert 'value="triage"' not in shown
    assert 'value="webhooks"' in words(sign_in(lead).get(reverse("tokens")))


def test_nobody_sees_or_ends_the_tokens_of_others(
    sign_in: SignIn, agent: User, owner: User, stranger: User
) -> None:
    sign_in(agent).post(reverse("tokens"), {"label": "My CRM", "scopes": ["read"], "expires": "0"})
    token = ApiToken.objects.get()
    for person in (owner, stranger):
        client = sign_in(person)
        assert "My CRM" not in words(client.get(reverse("tokens")))
        client.post(reverse("token_revoke"), {"token": token.pk})
    token.refresh_from_db()
    assert token.revoked_at is None
    sign_in(agent).post(reverse("token_revoke"), {"token": token.pk})
    token.refresh_from_db()
    assert token.revoked_at is not None
    assert sign_in(agent).post(reverse("token_revoke"), {"token": "x"}).status_code == 302


def test_the_description_is_for_everybody(db: None) -> None:
    shown = words(Client().get(reverse("api_docs")))
    assert "/api/v1/cases/{case_id}" in shown
    assert "<script src=" not in shown.replace('<script src="/static', "")
    assert Client().get(reverse("api_openapi")).json()["openapi"].startswith("3.")
