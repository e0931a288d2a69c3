"""Programs with tokens, and a desk with something in it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from amends.accounts.api_tokens import make_token, scopes_for
from amends.accounts.models import User, Workspace
from amends.web.api.api import openapi_document


@dataclass
class Program:
    """Asks the API with one token."""

    secret: str
    prefix: str = ""

    def ask(self, method: str, path: str, body: object = None, **headers: str) -> HttpResponse:
        """A request as a program sends it; `headers` are written with underscores."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.secret:
            sent["Authorization"] = f"Bearer {self.secret}"
        data = body if isinstance(body, bytes) else json.dumps(body) if body is not None else ""
        answer: HttpResponse = Client().generic(
            method, f"/api/v1{path}", data, content_type="application/json", headers=sent
        )
        return answer

    def get(self, path: str, **headers: str) -> HttpResponse:
        return self.ask("GET", path, **headers)

    def post(self, path: str, body: object = None, **headers: str) -> HttpResponse:
        return self.ask("POST", path, {} if body is None else body, **headers)

    def put(self, path: str, body: object, **headers: str) -> HttpResponse:
        return self.ask("PUT", path, body, **headers)


@pytest.fixture
def program(now: datetime) -> Callable[..., Program]:
    """A program that acts as a person; with every scope that they could use, unless named."""

    def make(user: User, *, workspace: Workspace | None = None, scopes: Any = None) -> Program:
        there = workspace or user.memberships.get().workspace
        token, secret = make_token(
            user,
            workspace=there,
            label="CRM",
            scopes=scopes_for(user, there) if scopes is None else scopes,
            expires_at=None,
            now=now,
        )
        return Program(secret, token.prefix)

    return make


@pytest.fixture(autouse=True)
def _description_of_this_run() -> Iterator[None]:
    """The description is cached for the length of a process."""
    yield
    openapi_document.cache_clear()


def code_of(answer: HttpResponse) -> str:
    """The code of a problem, after a look at its shape."""
    assert answer["Content-Type"] == "application/problem+json", answer.content
    said = answer.json()
    assert said["status"] == answer.status_code
    return str(said["code"])
