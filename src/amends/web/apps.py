"""Registers the pages."""

from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Names of the app."""

    name = "amends.web"
    label = "web"
