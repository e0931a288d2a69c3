"""What the API says when it does not do what was asked: RFC 9457, in English, with codes that stay."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from types import MappingProxyType

from django.http import HttpResponse

CONTENT_TYPE = "application/problem+json"

TITLES: Mapping[str, tuple[HTTPStatus, str]] = MappingProxyType(
    {
        "unreadable": (HTTPStatus.BAD_REQUEST, "The request cannot be read"),
        "no_token": (HTTPStatus.UNAUTHORIZED, "A valid token is needed"),
        "scope": (HTTPStatus.FORBIDDEN, "The token was not made for this"),
        "not_allowed": (HTTPStatus.FORBIDDEN, "The person of the token may not do this"),
        "not_found": (HTTPStatus.NOT_FOUND, "There is no such thing, or it is not yours to see"),
        "method": (HTTPStatus.METHOD_NOT_ALLOWED, "This address does not take the method"),
        "not_possible": (HTTPStatus.CONFLICT, "It does not fit how things stand"),
        "in_progress": (HTTPStatus.CONFLICT, "The first request of this key is being worked on"),
        "changed": (HTTPStatus.PRECONDITION_FAILED, "Somebody else changed it in the meantime"),
        "too_large": (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "The body is too large"),
        "invalid": (HTTPStatus.UNPROCESSABLE_ENTITY, "A value is not as it must be"),
        "other_request": (
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "This idempotency key was used for another request",
        ),
        "no_if_match": (HTTPStatus.PRECONDITION_REQUIRED, "Say which state you have read"),
        "too_many": (HTTPStatus.TOO_MANY_REQUESTS, "Too many requests for this minute"),
        "broken": (HTTPStatus.INTERNAL_SERVER_ERROR, "Something broke on our side"),
        "no_engine": (HTTPStatus.SERVICE_UNAVAILABLE, "The engine is not available"),
    }
)
"""Every code with its status and title; docs/api.md lists them, a test compares the two."""


@dataclass
class Problem(Exception):
    """Raise it anywhere below the gate; `errors` name fields by their place, such as `body.text`."""

    code: str
    detail: str = ""
    errors: Sequence[Mapping[str, str]] = ()
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def status(self) -> HTTPStatus:
        return TITLES[self.code][0]


def field_problem(place: str, message: str) -> Problem:
    """One value that is not as it must be."""
    return Problem("invalid", message, errors=({"field": place, "message": message},))


def unknown_problem(place: str, message: str) -> Problem:
    """A value that names nothing which this person could name."""
    return Problem("not_found", message, errors=({"field": place, "message": message},))


def problem_response(problem: Problem) -> HttpResponse:
    """The answer that a problem makes."""
    status, title = TITLES[problem.code]
    said: dict[str, object] = {
        "type": f"urn:amends:problem:{problem.code}",
        "title": title,
        "status": status.value,
        "code": problem.code,
    }
    if problem.detail:
        said["detail"] = problem.detail
    if problem.errors:
        said["errors"] = [dict(one) for one in problem.errors]
    response = HttpResponse(
        json.dumps(said, ensure_ascii=False), status=status, content_type=CONTENT_TYPE
    )
    for name, value in problem.headers.items():
        response.headers[name] = value
    return response
