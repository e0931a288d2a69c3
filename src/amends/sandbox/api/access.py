"""Who calls, how errors look, and the time; around every address of the interface."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from amends.core.clock import SystemClock
from amends.sandbox.api.limits import PER_ACCOUNT
from amends.sandbox.errors import PostGoneError, RefusedError
from amends.sandbox.models import Person
from amends.sandbox.people import person_for_token

CLOCK = SystemClock()

ApiView = Callable[..., JsonResponse]


class NotFoundError(Exception):
    """There is no such thing here; `field` names the part of the request that asked for it."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class BadRequestError(Exception):
    """The request cannot be read."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field


def api_view(*methods: str) -> Callable[[ApiView], ApiView]:
    """Make a view that only a brand account with its token reaches; it gets `account` by name."""

    def decorate(view: ApiView) -> ApiView:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> JsonResponse:
            if request.method not in methods:
                response = _error(_("This address knows only: %s") % ", ".join(methods), status=405)
                response["Allow"] = ", ".join(methods)
                return response
            account = _account_of(request)
            if account is None:
                response = _error(_("The access token is missing or not valid."), status=401)
                response["WWW-Authenticate"] = 'Bearer realm="practice network"'
                return response
            wait = PER_ACCOUNT.wait_for(account.id, now=CLOCK.now())
            if wait is not None:
                response = _error(_("Too many requests. Wait a little."), status=429)
                response["Retry-After"] = str(max(1, math.ceil(wait.total_seconds())))
                return response
            return _answer(view, request, *args, account=account, **kwargs)

        return csrf_exempt(never_cache(login_not_required(guarded)))

    return decorate


def read_json(request: HttpRequest) -> dict[str, Any]:
    """Return the JSON object of a request; raises BadRequestError for anything else."""
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError) as problem:
        raise BadRequestError(_("The body is no valid JSON.")) from problem
    if not isinstance(body, dict):
        raise BadRequestError(_("The body must be a JSON object."))
    return body


def _answer(view: ApiView, request: HttpRequest, *args: Any, **kwargs: Any) -> JsonResponse:
    try:
        return view(request, *args, **kwargs)
    except BadRequestError as problem:
        return _error(problem.message, status=400, field=problem.field)
    except NotFoundError as problem:
        return _error(problem.message, status=404, field=problem.field)
    except PostGoneError as problem:
        return JsonResponse(
            {"error": _("The post was deleted."), "deleted_by": problem.deleted_by}, status=410
        )
    except RefusedError as problem:
        return _error(problem.message, status=422, field=problem.field)


def _account_of(request: HttpRequest) -> Person | None:
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        return None
    return person_for_token(token.strip())


def _error(message: str, *, status: int, field: str = "") -> JsonResponse:
    body = {"error": message}
    if field:
        body["field"] = field
    return JsonResponse(body, status=status)
