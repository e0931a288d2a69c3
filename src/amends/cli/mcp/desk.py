"""The desk as the assistant reaches it: over its API, with the token of a person, and in no other way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx

TIMEOUT = 60.0  # seconds; the first assessment loads a model


class DeskRefused(Exception):
    """The desk did not do it; the message is for the assistant and its person."""


class Desk:
    """Asks `/api/v1` of one desk; redirects are not followed, so that the token goes nowhere else."""

    def __init__(self, *, url: str, token: str) -> None:
        self._client = httpx.Client(
            base_url=f"{url.rstrip('/')}/api/v1",
            headers={"Authorization": f"Bearer {token}", "User-Agent": "amends-mcp"},
            timeout=TIMEOUT,
        )

    def get(self, path: str, **query: Any) -> dict[str, Any]:
        wanted = {name: value for name, value in query.items() if value is not None}
        return self._ask("GET", path, params=wanted)

    def post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        return self._ask("POST", path, json=dict(body))

    def put(self, path: str, body: Mapping[str, Any], *, revision: int) -> dict[str, Any]:
        headers = {"If-Match": f'"{revision}"'}
        return self._ask("PUT", path, json=dict(body), headers=headers)

    def _ask(self, method: str, path: str, **options: Any) -> dict[str, Any]:
        try:
            answer = self._client.request(method, path, **options)
        except httpx.HTTPError as error:
            raise DeskRefused(
                f"The desk at {self._client.base_url} cannot be reached ({type(error).__name__}): "
                f"is it running, and is AMENDS_URL its address?"
            ) from error
        try:
            said = answer.json()
        except ValueError:
            said = None
        if not isinstance(said, dict):
            raise DeskRefused(f"The desk answered {answer.status_code} with something unreadable.")
        if answer.is_success:
            return said
        raise DeskRefused(_words(said, status=answer.status_code))


def _words(problem: Mapping[str, Any], *, status: int) -> str:
    """A problem of the API in one sentence, with its code."""
    told = problem.get("detail") or problem.get("title") or f"status {status}"
    fields = "; ".join(
        f"{one.get('field')}: {one.get('message')}" for one in problem.get("errors", ())
    )
    return f"{told} [{problem.get('code', status)}]" + (f" ({fields})" if fields else "")
