"""Lets the revisions of a reply be added only: they say who wrote what was approved."""

from __future__ import annotations

from django.db import migrations

from amends.record.triggers import guard_model


class Migration(migrations.Migration):
    dependencies = [("replies", "0001_initial")]
    operations = [
        guard_model("replies", "ReplyRevision"),
    ]
