"""Lets findings and overrides be added only: they say what was known when a reply was handed over."""

from __future__ import annotations

from django.db import migrations

from amends.record.triggers import guard_model


class Migration(migrations.Migration):
    dependencies = [("replies", "0003_findings")]
    operations = [
        guard_model("replies", "Finding"),
        guard_model("replies", "Override"),
    ]
