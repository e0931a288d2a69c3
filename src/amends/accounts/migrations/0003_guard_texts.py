"""Lets published texts be added only."""

from __future__ import annotations

from django.db import migrations

from amends.record.triggers import guard_model


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_texts_and_notices"),
        ("record", "0002_guard_the_record"),
    ]
    operations = [guard_model("accounts", "TextVersion")]
