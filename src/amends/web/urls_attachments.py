"""Addresses of pictures and files."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from amends.web import attachments

urlpatterns: list[URLPattern | URLResolver] = [
    path("attachments/<int:attachment>/file/", attachments.download, name="attachment_file"),
    path("attachments/<int:attachment>/<slug:form>/", attachments.picture, name="attachment"),
]
