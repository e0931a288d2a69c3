"""Lets the record grow only: nobody changes or deletes, content may only be redacted."""

from __future__ import annotations

from django.db import migrations

from amends.record.triggers import guard_content, guard_model


class Migration(migrations.Migration):
    dependencies = [("record", "0001_initial")]
    operations = [
        guard_model("record", "ActionLog"),
        guard_model("record", "LogBatch"),
        guard_model("record", "LogLink"),
        guard_model("record", "Redaction"),
        guard_model("record", "Evidence"),
        guard_content("record", "Content", redaction="record_redaction"),
    ]
