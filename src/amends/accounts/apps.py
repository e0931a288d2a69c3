"""Registers the app under its short label, and the checks of the settings."""

from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Names of the app."""

    name = "amends.accounts"
    label = "accounts"

    def ready(self) -> None:
        from amends.config.checks import register_checks

        register_checks()
