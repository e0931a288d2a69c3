"""The API described: as OpenAPI for programs, as a plain page for people; it tells of no workspace."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from amends.web.api.api import openapi_document
from amends.web.pages import public_page


@dataclass(frozen=True, slots=True)
class Operation:
    """One address and method, as the page shows it."""

    method: str
    path: str
    summary: str
    description: str
    scope: str
    parameters: tuple[tuple[str, str, str], ...]
    body: str
    answer: str


@public_page
@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    """OpenAPI 3.1."""
    response = JsonResponse(openapi_document(), json_dumps_params={"ensure_ascii": False})
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


@public_page
@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """Every operation by resource, without a script and without anything from elsewhere."""
    document = openapi_document()
    groups: dict[str, list[Operation]] = {}
    for path, methods in document["paths"].items():
        for method, one in methods.items():
            groups.setdefault(one["tags"][0], []).append(_operation(method, path, one))
    shapes = {
        name: _fields(schema)
        for name, schema in sorted(document["components"]["schemas"].items())
        if "properties" in schema
    }
    shown = {
        "groups": list(groups.items()),
        "shapes": shapes.items(),
        "names": set(shapes),
        "about": document["info"]["description"],
    }
    return render(request, "api/docs.html", shown)


def _operation(method: str, path: str, one: dict[str, Any]) -> Operation:
    body = one.get("requestBody", {}).get("content", {}).get("application/json", {})
    good: dict[str, Any] = next(
        (one["responses"][code] for code in one["responses"] if code.startswith("2")), {}
    )
    answer = good.get("content", {}).get("application/json", {})
    return Operation(
        method=method.upper(),
        path=path,
        summary=one.get("summary", ""),
        description=one.get("description", ""),
        scope=one.get("x-scope", ""),
        parameters=tuple(
            (said["name"], said["in"], type_words(said["schema"])) for said in one["parameters"]
        ),
        body=type_words(body.get("schema", {})),
        answer=type_words(answer.get("schema", {})),
    )


def _fields(schema: dict[str, Any]) -> list[tuple[str, str, bool]]:
    required = set(schema.get("required", ()))
    return [
        (name, type_words(said), name in required) for name, said in schema["properties"].items()
    ]


def type_words(schema: dict[str, Any]) -> str:
    """A schema in a few words: `string (date-time)`, `list of CaseOut`, `A | null`."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    for key in ("anyOf", "allOf", "oneOf"):
        if key in schema:
            return " | ".join(type_words(one) for one in schema[key])
    if "enum" in schema:
        return " | ".join(str(one) for one in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {type_words(schema.get('items', {})) or 'any'}"
    kind = str(schema.get("type", ""))
    form = schema.get("format")
    return f"{kind} ({form})" if form else kind
