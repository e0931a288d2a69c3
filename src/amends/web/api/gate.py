"""What stands before every address of the API: the token, the limit, the idempotency key, and the answers
to what goes wrong.

A session's cookie opens nothing here, so that no page of a stranger can make a browser ask. The person of
the token is the one who acts; the verbs below check their role as they do for the pages.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import wraps
from typing import Any

import structlog
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone, translation

from amends.accounts.api_tokens import MAY_USE, Use, count_use, open_token
from amends.accounts.idempotency import (
    MAX_KEY,
    Begun,
    ClaimLost,
    OtherRequest,
    StillAtIt,
    Stored,
    begin_request,
    digest_request,
    finish_request,
    give_back_request,
)
from amends.accounts.models import ApiScope, ApiToken, User, Workspace
from amends.core.clock import Clock
from amends.record.log import logged_through
from amends.web.api.problems import Problem, problem_response
from amends.web.pages import Audience, Demand

log = structlog.get_logger(__name__)

View = Callable[..., HttpResponseBase]
KEPT_HEADERS = ("Content-Type", "ETag", "Location")
PENDING_SECONDS = "2"


class ApiRequest(HttpRequest):
    """What an operation is given once the gate has let it in (for type checkers)."""

    user: User
    workspace: Workspace
    token: ApiToken
    clock: Clock
    now: datetime


class Scoped:
    """Asks of an operation's token that it was made for this, and of its person that they may."""

    openapi_type = "http"
    openapi_scheme = "bearer"

    def __init__(self, scope: ApiScope) -> None:
        self.scope = scope
        self.openapi_security_schema = {
            "type": "http",
            "scheme": "bearer",
            "description": "A token of the page Tokens: Authorization: Bearer amends_…",
        }

    def __call__(self, request: HttpRequest) -> ApiToken:
        token: ApiToken = request.token  # type: ignore[attr-defined]
        if self.scope not in token.scopes:
            raise Problem("scope", f"This needs the scope “{self.scope.value}”.")
        if not MAY_USE[self.scope](token.user, token.workspace):
            raise Problem("not_allowed", "Your role does not cover this.")
        return token


READ, NOTE, TRIAGE = Scoped(ApiScope.READ), Scoped(ApiScope.NOTE), Scoped(ApiScope.TRIAGE)
DRAFT, INGEST, WEBHOOKS = (
    Scoped(ApiScope.DRAFT),
    Scoped(ApiScope.INGEST),
    Scoped(ApiScope.WEBHOOKS),
)


def gated(view: View) -> View:
    """The view behind the gate."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with ExitStack() as stack:
            stack.enter_context(translation.override("en"))
            stack.enter_context(timezone.override(UTC))
            use: Use | None = None
            try:
                token = _enter(request)
                stack.enter_context(logged_through(str(token)))
                use = _count(request, token)
                response = _answer(request, token, lambda: view(request, *args, **kwargs))
            except Problem as problem:
                response = problem_response(problem)
            except RequestDataTooBig:
                response = problem_response(Problem("too_large", "At most 2 MB in one request."))
            except Exception:  # an edge of the process: said in the shape of all other problems
                log.exception("api.broken", address=request.path)
                response = problem_response(
                    Problem("broken", "The error stands in the server's log.")
                )
            return _finish(response, use)

    guarded.csrf_exempt = True  # type: ignore[attr-defined]  # no cookie is looked at
    guarded.demand = Demand(Audience.TOKENS)  # type: ignore[attr-defined]
    return guarded


def unknown(request: HttpRequest, rest: str) -> HttpResponse:
    """Any address below `/api/v1/` that there is none of."""
    raise Problem("not_found", "There is no such address: GET /api/v1/openapi.json lists them.")


def _enter(request: HttpRequest) -> ApiToken:
    kind, _space, secret = request.headers.get("Authorization", "").partition(" ")
    now: datetime = request.clock.now()  # type: ignore[attr-defined]
    token = open_token(secret.strip(), now=now) if kind.lower() == "bearer" else None
    if token is None:
        raise Problem(
            "no_token",
            "Send `Authorization: Bearer` with a token of the page Tokens.",
            headers={"WWW-Authenticate": 'Bearer realm="amends"'},
        )
    request.token = token  # type: ignore[attr-defined]
    request.user = token.user
    request.workspace = token.workspace  # type: ignore[attr-defined]
    request.now = now  # type: ignore[attr-defined]
    return token


def _count(request: HttpRequest, token: ApiToken) -> Use:
    use = count_use(token, limit=settings.API_PER_MINUTE, now=request.now)  # type: ignore[attr-defined]
    if not use.is_within:
        wait = max(int((use.reset - request.now).total_seconds()) + 1, 1)  # type: ignore[attr-defined]
        limits = {"Retry-After": str(wait), **_limits(use)}
        raise Problem("too_many", f"Ask again in {wait} seconds.", headers=limits)
    return use


def _answer(
    request: HttpRequest, token: ApiToken, do: Callable[[], HttpResponseBase]
) -> HttpResponse:
    key = request.headers.get("Idempotency-Key", "")
    if request.method != "POST" or not key:
        return _as_problem(do())
    if len(key) > MAX_KEY or not key.isascii() or not key.isprintable():
        raise Problem("invalid", f"Idempotency-Key: at most {MAX_KEY} printable ASCII characters.")
    address = request.get_full_path()
    digest = digest_request("POST", address, request.body)
    try:
        begun = begin_request(token, key=key, digest=digest, now=request.now)  # type: ignore[attr-defined]
    except StillAtIt:
        raise Problem("in_progress", headers={"Retry-After": PENDING_SECONDS}) from None
    except OtherRequest:
        raise Problem("other_request", "Make a new key for a new request.") from None
    if isinstance(begun, Stored):
        return _replay(begun)
    try:
        return _once(begun, do)
    except ClaimLost:
        raise Problem("in_progress", headers={"Retry-After": PENDING_SECONDS}) from None


def _once(begun: Begun, do: Callable[[], HttpResponseBase]) -> HttpResponse:
    """Do it and keep the answer in one transaction; what was refused gives the key back."""
    is_done = False
    try:
        with transaction.atomic():
            response = _as_problem(do())
            is_done = response.status_code < 400
            if is_done:
                kept = {name: response[name] for name in KEPT_HEADERS if name in response}
                body = response.content.decode()
                finish_request(begun, stored=Stored(response.status_code, kept, body))
            else:
                transaction.set_rollback(True)
    finally:
        if not is_done:
            give_back_request(begun)
    return response


def _replay(stored: Stored) -> HttpResponse:
    response = HttpResponse(stored.body, status=stored.status)
    for name, value in stored.headers.items():
        response.headers[name] = value
    response.headers["Idempotent-Replayed"] = "true"
    return response


def _as_problem(response: HttpResponseBase) -> HttpResponse:
    """What ninja answers by itself, said as everything else is."""
    assert isinstance(response, HttpResponse)  # noqa: S101 - nothing here is streamed
    if response.status_code == 405:
        allowed = {"Allow": response.headers.get("Allow", "")}
        return problem_response(Problem("method", headers=allowed))
    return response


def _finish(response: HttpResponse, use: Use | None) -> HttpResponse:
    if use is not None:
        for name, value in _limits(use).items():
            response.headers.setdefault(name, value)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Language"] = "en"
    return response


def _limits(use: Use) -> dict[str, str]:
    return {
        "X-RateLimit-Limit": str(use.limit),
        "X-RateLimit-Remaining": str(use.remaining),
        "X-RateLimit-Reset": str(int(use.reset.timestamp())),
    }
