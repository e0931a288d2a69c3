"""The application `sandbox`."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SandboxConfig(AppConfig):
    name = "amends.sandbox"
    label = "sandbox"
    verbose_name = _("Practice network")
    default_auto_field = "django.db.models.BigAutoField"
