"""Addresses of the API, each behind the gate; its description is for everybody."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, path

from amends.web.api import docs
from amends.web.api.api import api
from amends.web.api.gate import gated, unknown

PREFIX = "api/v1/"


def _operations() -> Iterator[URLPattern]:
    """Ninja's patterns, each view behind the gate and under a name of its own."""
    patterns, _app, _namespace = api.urls
    seen: set[str] = set()
    for pattern in patterns:
        route = str(pattern.pattern).lstrip("/")
        if route in seen:  # one for each method, all with the same view
            continue
        seen.add(route)
        if isinstance(pattern, URLPattern) and pattern.name != "api-root":
            yield path(f"{PREFIX}{route}", gated(pattern.callback), name=f"api_{route}")


urlpatterns: list[URLPattern | URLResolver] = [
    path(f"{PREFIX}openapi.json", docs.openapi, name="api_openapi"),
    path(f"{PREFIX}docs", docs.docs, name="api_docs"),
    *_operations(),
    path(f"{PREFIX}<path:rest>", gated(unknown), name="api_unknown"),
]
