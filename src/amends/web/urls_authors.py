"""Addresses of the authors."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from amends.web import authors

urlpatterns: list[URLPattern | URLResolver] = [
    path("authors/<int:pk>/", authors.author, name="author"),
    path("authors/<int:pk>/link/", authors.link, name="author_link"),
    path("authors/<int:pk>/link/decide/", authors.decide, name="author_decide"),
    path("authors/<int:pk>/erase/", authors.erase, name="author_erase"),
]
