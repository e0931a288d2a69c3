"""Addresses of what is typed and not sent yet."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from amends.web import kept

urlpatterns: list[URLPattern | URLResolver] = [
    path("kept/", kept.kept, name="kept"),
    path("who/", kept.who, name="who"),
]
