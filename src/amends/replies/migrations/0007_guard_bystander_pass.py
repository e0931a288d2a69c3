"""Lets bystander passes be added only."""

from __future__ import annotations

from django.db import migrations

from amends.record.triggers import guard_model


class Migration(migrations.Migration):
    dependencies = [("replies", "0006_bystander_pass")]
    operations = [guard_model("replies", "BystanderPass")]
