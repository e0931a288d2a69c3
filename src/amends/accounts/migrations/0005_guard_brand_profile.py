"""Lets versions of a brand's profile be added only."""

from __future__ import annotations

from django.db import migrations

from amends.record.triggers import guard_model


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_brand_profile"),
        ("record", "0002_guard_the_record"),
    ]
    operations = [guard_model("accounts", "BrandProfile")]
