"""Lets versions and attachments be added only; a version's place in the work queue may change."""

from __future__ import annotations

from django.db import migrations

from amends.record.triggers import guard_model

WORK_COLUMNS = ("next_step", "due_at", "leased_until", "lease_token", "attempts", "last_error")


class Migration(migrations.Migration):
    dependencies = [("inbox", "0001_initial")]
    operations = [
        guard_model("inbox", "Version", mutable=WORK_COLUMNS),
        guard_model("inbox", "Attachment"),
    ]
