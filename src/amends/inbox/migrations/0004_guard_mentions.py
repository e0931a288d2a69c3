"""Lets mention queries and mentions be added only: what counted when must stay readable."""

from __future__ import annotations

from django.db import migrations

from amends.record.triggers import guard_model


class Migration(migrations.Migration):
    dependencies = [("inbox", "0003_mentions")]
    operations = [
        guard_model("inbox", "MentionQuery"),
        guard_model("inbox", "Mention"),
    ]
