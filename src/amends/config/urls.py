"""Every address of the desk; the pages list theirs in `amends.web.urls`."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("amends.web.urls")),
]
if settings.SANDBOX:
    urlpatterns.append(path("sandbox/", include("amends.sandbox.urls")))
handler403 = "amends.web.errors.forbidden"
handler404 = "amends.web.errors.not_found"
handler500 = "amends.web.errors.server_error"
