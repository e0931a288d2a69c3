"""The address behind the links in the mails to departments."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from amends.web import department_link

urlpatterns: list[URLPattern | URLResolver] = [
    path("answer/<str:token>/", department_link.answer, name="department_link"),
]
