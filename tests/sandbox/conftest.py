"""People of the practice network, and a program that holds the shop's token."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from amends.sandbox.models import Person, Post
from amends.sandbox.people import issue_token
from amends.sandbox.publish import PostDraft, publish_post


@dataclass(frozen=True, slots=True)
class Api:
    """Calls the JSON interface with a token."""

    client: Client
    token: str

    def get(self, path: str) -> Any:
        return self.client.get(f"/sandbox/api{path}", headers=self._headers)

    def put(self, path: str, body: Any) -> Any:
        return self.client.put(
            f"/sandbox/api{path}", body, content_type="application/json", headers=self._headers
        )

    def delete(self, path: str) -> Any:
        return self.client.delete(f"/sandbox/api{path}", headers=self._headers)

    @property
    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


@pytest.fixture
def make_person(db: None) -> Callable[..., Person]:
    def make(handle: str, **fields: Any) -> Person:
        fields = {"name": handle.title(), "language": "en", **fields}
        return Person.objects.create(handle=handle, **fields)

    return make


@pytest.fixture
def shop(make_person: Callable[..., Person]) -> Person:
    return make_person("lumbara", is_brand=True)


@pytest.fixture
def other_shop(make_person: Callable[..., Person]) -> Person:
    return make_person("otherhouse", is_brand=True)


@pytest.fixture
def customer(make_person: Callable[..., Person]) -> Person:
    return make_person("tugba", language="tr", followers=212)


@pytest.fixture
def api(shop: Person) -> Api:
    return Api(client=Client(), token=issue_token(shop))


@pytest.fixture
def say(now: datetime) -> Callable[..., Post]:
    """Publish a post in one line."""

    def publish(author: Person, text: str, *, to: Post | None = None, **fields: Any) -> Post:
        at = fields.pop("at", now)
        return publish_post(
            PostDraft(author=author, text=text, lang=author.language, parent=to, **fields), now=at
        )

    return publish
