"""Lets corrections be added only."""

from __future__ import annotations

from django.db import migrations

from amends.record.triggers import guard_model


class Migration(migrations.Migration):
    dependencies = [("learning", "0001_initial")]
    operations = [guard_model("learning", "Correction")]
