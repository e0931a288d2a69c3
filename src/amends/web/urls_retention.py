"""Addresses of what is kept and what is erased."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from amends.web import legal_holds, retention

urlpatterns: list[URLPattern | URLResolver] = [
    path("retention/", retention.retention, name="retention"),
    path("retention/change/", retention.change, name="retention_change"),
    path("legal-holds/", legal_holds.legal_holds, name="legal_holds"),
    path("legal-holds/<int:pk>/review/", legal_holds.review, name="legal_hold_review"),
]
