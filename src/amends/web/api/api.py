"""The API as a whole: its resources in order, what goes wrong said in one shape, its description.

No endpoint sends, approves, hides, deletes or bans, and none will: those stay with people, on the pages.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI, Router
from ninja.errors import HttpError, ValidationError
from ninja.operation import Operation

from amends.accounts.permissions import NotAllowed
from amends.cases.transitions import NotPossible
from amends.hooks.subscribe import HookRefused
from amends.web.api import (
    authors,
    cases,
    comments,
    desk,
    drafts,
    ingest,
    labels,
    matters,
    notes,
    public,
    snooze,
    texts,
    webhooks,
    work,
)
from amends.web.api.problems import CONTENT_TYPE, TITLES, Problem, problem_response
from amends.web.api.shapes import ProblemOut

VERSION = "v1"
ROUTERS: tuple[Router, ...] = (
    desk.router,
    cases.router,
    ingest.router,  # before the comments: `bulk` is no id
    comments.router,
    authors.router,
    notes.router,
    work.router,
    labels.router,
    snooze.router,
    matters.router,
    drafts.router,
    texts.router,
    public.router,
    webhooks.router,
)
DESCRIPTION = (
    "Cases, comments, drafts and judgements of one workspace, for programs. Every request brings a token "
    "(Authorization: Bearer amends_…) and acts as its person. Nothing here sends, approves, hides, "
    "deletes or bans: those stay with people."
)


class DeskAPI(NinjaAPI):
    """Operations are named by their file and verb, and by nothing of our packages."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.scopes: dict[str, str] = {}

    def get_openapi_operation_id(self, operation: Operation) -> str:
        view = operation.view_func
        name = f"{view.__module__.rpartition('.')[2]}_{view.__name__}"
        self.scopes[name] = operation.auth_callbacks[0].scope.value  # type: ignore[attr-defined]
        return name


api = DeskAPI(
    title="Amends",
    version=VERSION,
    description=DESCRIPTION,
    docs_url=None,
    openapi_url=None,
    urls_namespace="api-v1",
)
for router in ROUTERS:
    api.add_router("", router)


@api.exception_handler(Problem)
def _problem(request: HttpRequest, error: Problem) -> HttpResponse:
    return problem_response(error)


@api.exception_handler(NotAllowed)
def _not_allowed(request: HttpRequest, error: NotAllowed) -> HttpResponse:
    return problem_response(Problem("not_allowed", str(error)))


@api.exception_handler(NotPossible)
def _not_possible(request: HttpRequest, error: NotPossible) -> HttpResponse:
    return problem_response(Problem("not_possible", str(error)))


@api.exception_handler(HookRefused)
def _hook_refused(request: HttpRequest, error: HookRefused) -> HttpResponse:
    return problem_response(webhooks.refused(error))


@api.exception_handler(Http404)
def _not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    return problem_response(Problem("not_found"))


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    fields = [{"field": _place(one["loc"]), "message": str(one["msg"])} for one in error.errors]
    return problem_response(Problem("invalid", fields[0]["message"] if fields else "", fields))


@api.exception_handler(HttpError)
def _unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    """Ninja's own word for a body that is no JSON."""
    return problem_response(Problem("unreadable", str(error)))


@api.exception_handler(Exception)
def _broken(request: HttpRequest, error: Exception) -> HttpResponse:
    raise error  # the gate says it, and writes it into the server's log


@api.exception_handler(RequestDataTooBig)
def _too_large(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    return problem_response(Problem("too_large", "At most 2 MB in one request."))


def _place(loc: Sequence[object]) -> str:
    """`body.text` rather than the names of our own parameters: ninja puts them second."""
    parts = [str(one) for one in loc]
    if len(parts) > 2 and parts[0] in {"body", "query"}:
        del parts[1]
    return ".".join(parts)


@functools.cache
def openapi_document() -> dict[str, Any]:
    """The OpenAPI description, with every problem an operation may answer with."""
    document: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema(path_prefix="/api/v1")))
    schemas = document["components"]["schemas"]
    own = ProblemOut.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(own.pop("$defs", {}))
    schemas["Problem"] = own
    comment = ingest.IngestComment.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(comment.pop("$defs", {}))
    schemas["IngestComment"] = comment
    (name,) = document["components"]["securitySchemes"]
    schemes = document["components"]["securitySchemes"]
    schemes["token"] = schemes.pop(name)
    for path in document["paths"].values():
        for method, operation in path.items():
            operation["security"] = [{"token": []}]
            operation["x-scope"] = api.scopes[operation["operationId"]]
            operation["responses"].update(_problems_of(method))
    return document


_ALWAYS = ("unreadable", "no_token", "scope", "not_found", "invalid", "too_many", "broken")
_OF_WRITES = ("not_possible", "changed", "too_large", "no_if_match", "no_engine")


def _problems_of(method: str) -> dict[str, Any]:
    codes = _ALWAYS if method == "get" else (*_ALWAYS, *_OF_WRITES)
    said: dict[str, Any] = {}
    for code in codes:
        status, title = TITLES[code]
        said[str(status.value)] = {
            "description": title,
            "content": {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
    return said
