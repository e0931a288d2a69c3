"""Addresses of the texts from which a reply may begin."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from amends.web import starting_points

urlpatterns: list[URLPattern | URLResolver] = [
    path("settings/templates/", starting_points.starting_points, name="starting_points"),
    path("settings/templates/remove/", starting_points.remove, name="starting_point_remove"),
    path("cases/C-<int:number>/reply/start/", starting_points.start, name="reply_start"),
]
