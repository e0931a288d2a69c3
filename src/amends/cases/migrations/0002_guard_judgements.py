"""Lets verdicts, triages, decisions and notes be added only."""

from __future__ import annotations

from django.db import migrations

from amends.record.triggers import guard_model


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]
    operations = [
        guard_model("cases", "Verdict"),
        guard_model("cases", "Triage"),
        guard_model("cases", "Decision"),
        guard_model("cases", "Note"),
    ]
