"""The API keeps what its description says: tried with made-up requests, good and bad, on a real server.

The seed is fixed and the number of examples bounded, so that a run is the same each time and short.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import strategies as st
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from amends.accounts.models import Brand, User, Workspace
from amends.connectors.kit.guard import OutboundGuard
from amends.hooks import subscribe
from amends.inbox.connect import connect_account
from amends.replies.models import Reply
from amends.web.api.api import openapi_document
from tests.web.api.conftest import Program, code_of

ROOT = Path(__file__).resolve().parents[3]
COMMITTED = ROOT / "docs" / "openapi.json"
# A cursor is one of ours, words can be seen, a context means something, If-Match was read before, an address
# leads outside: no schema says so.
MORE_THAN_A_SCHEMA_SAYS = {
    f"/api/v1/{one}"
    for one in (
        *("cases", "comments", "assess", "lint", "webhooks", "webhooks/{webhook_id}"),
        *("cases/{case_id}/draft", "cases/{case_id}/draft/ask"),
    )
}
EXAMPLES = 12  # for each operation


def test_the_description_in_the_documentation_is_the_one_that_is_served() -> None:
    made = json.dumps(openapi_document(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    if not COMMITTED.exists() or COMMITTED.read_text(encoding="utf-8") != made:
        COMMITTED.with_suffix(".json.new").write_text(made, encoding="utf-8")
    assert COMMITTED.read_text(encoding="utf-8") == made, (
        "the description changed: look at docs/openapi.json.new and move it over docs/openapi.json"
    )


@pytest.fixture
def api_schema() -> Iterator[Any]:
    """The description as it is served, with the application behind it.

    Its requests run on the connection of the test, as those of Django's own client do: the end of one must
    not close it.
    """
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app=WSGIHandler())
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def desk(
    draft: Reply, workspace: Workspace, brand: Brand, owner: User, lead: User,
    program: Callable[..., Program], now: datetime, settings: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> Program:  # fmt: skip
    """An owner's program, in a desk in which the examples of the description exist."""
    settings.API_PER_MINUTE = 100_000
    guard = OutboundGuard(resolver=lambda _host, _port: ["10.0.0.7"])  # asks no name server
    monkeypatch.setattr(subscribe, "outbound_guard", lambda: guard)
    connect_account(
        workspace, brand=brand, kind="api", values={"name": "Shop"}, by=lead,
        now=now - timedelta(days=1),
    )  # fmt: skip
    return program(owner)


def operations() -> list[tuple[str, str]]:
    """Method and path of every operation."""
    paths = openapi_document()["paths"]
    return [(method.upper(), path) for path in paths for method in paths[path]]


@pytest.mark.django_db
@pytest.mark.parametrize(("method", "path"), operations())
def test_every_operation_keeps_its_description(
    method: str, path: str, api_schema: Any, desk: Program
) -> None:
    operation = api_schema[path][method]
    headers = {"Authorization": f"Bearer {desk.secret}", "Accept-Encoding": "identity"}
    excluded = [positive_data_acceptance] if path in MORE_THAN_A_SCHEMA_SAYS else []

    @hypothesis.seed(20261126)
    @hypothesis.settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    @hypothesis.given(data=st.data())
    def try_it(data: st.DataObject) -> None:
        mode = data.draw(st.sampled_from(list(GenerationMode)))
        case = data.draw(operation.as_strategy(generation_mode=mode))
        case.call_and_validate(headers=headers, excluded_checks=excluded)

    try_it()


@pytest.mark.django_db
@pytest.mark.parametrize(("method", "path"), operations())
def test_no_operation_opens_without_a_token_or_takes_another_method(
    method: str, path: str, desk: Program
) -> None:
    names = ("comment_id", "author_id", "webhook_id", "delivery_id", "label_id", "merge_id")
    numbers = dict.fromkeys(names, 1)
    address = path.removeprefix("/api/v1").format(case_id="C-1", **numbers)
    assert code_of(Program("").ask(method, address, {})) == "no_token"
    answer = desk.ask("PATCH", address, {})
    assert (answer.status_code, code_of(answer)) == (405, "method")
    assert method in answer["Allow"]
