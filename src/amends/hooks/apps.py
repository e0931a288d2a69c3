"""Registers the app under its short label."""

from __future__ import annotations

from django.apps import AppConfig


class HooksConfig(AppConfig):
    """Names of the app."""

    name = "amends.hooks"
    label = "hooks"
