"""Addresses of inbox, cases and channels."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from amends.web import inbox, tour

urlpatterns: list[URLPattern | URLResolver] = [
    path("inbox/", inbox.inbox, name="inbox"),
    path("tour/restart/", tour.restart_tour, name="restart_tour"),
]
