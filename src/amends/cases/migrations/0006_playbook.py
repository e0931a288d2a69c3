"""Overrides of decisions, and drafts of the playbook that are tried on the past."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from amends.record.triggers import guard_model


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_guard_texts"),
        ("cases", "0005_clocks_and_departments"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DecisionOverride",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("rule_id", models.CharField(blank=True, default="", max_length=16)),
                ("strategy", models.JSONField(null=True)),
                ("priority", models.CharField(blank=True, default="", max_length=2)),
                ("approval", models.CharField(blank=True, default="", max_length=2)),
                ("reason", models.TextField()),
                ("given_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "override of a decision",
            },
        ),
        migrations.CreateModel(
            name="WhatIf",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("next_step", models.CharField(blank=True, default="", max_length=32)),
                ("due_at", models.DateTimeField(blank=True, null=True)),
                ("leased_until", models.DateTimeField(blank=True, null=True)),
                ("lease_token", models.CharField(blank=True, default="", max_length=32)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("last_error", models.TextField(blank=True, default="")),
                ("text", models.TextField()),
                ("digest", models.CharField(max_length=64)),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField()),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("running", "Running"),
                            ("done", "Done"),
                            ("cancelled", "Cancelled"),
                            ("failed", "Failed"),
                        ],
                        default="running",
                        max_length=9,
                    ),
                ),
                ("cursor", models.BigIntegerField(default=0)),
                ("total", models.PositiveIntegerField()),
                ("done", models.PositiveIntegerField(default=0)),
                ("skipped", models.PositiveIntegerField(default=0)),
                ("asked_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="WhatIfChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("before", models.JSONField()),
                ("after", models.JSONField()),
                ("rule", models.BooleanField()),
                ("priority", models.BooleanField()),
                ("approval", models.BooleanField()),
                ("strategy", models.BooleanField()),
                ("clocks", models.BooleanField()),
                ("rest", models.BooleanField()),
            ],
        ),
        migrations.AddIndex(
            model_name="decision",
            index=models.Index(
                condition=models.Q(("triage__isnull", False)),
                fields=["workspace", "created_at", "rule_id"],
                name="decision_confirmed_since",
            ),
        ),
        migrations.AddField(
            model_name="decisionoverride",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"
            ),
        ),
        migrations.AddField(
            model_name="decisionoverride",
            name="decision",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="overrides",
                to="cases.decision",
            ),
        ),
        migrations.AddField(
            model_name="decisionoverride",
            name="given_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="decisionoverride",
            name="workspace",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="accounts.workspace",
            ),
        ),
        migrations.AddField(
            model_name="whatif",
            name="asked_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="whatif",
            name="base",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.textversion",
            ),
        ),
        migrations.AddField(
            model_name="whatif",
            name="workspace",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="accounts.workspace",
            ),
        ),
        migrations.AddField(
            model_name="whatifchange",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="cases.case"
            ),
        ),
        migrations.AddField(
            model_name="whatifchange",
            name="what_if",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="changes",
                to="cases.whatif",
            ),
        ),
        migrations.AddIndex(
            model_name="decisionoverride",
            index=models.Index(fields=["workspace", "given_at"], name="decision_override_since"),
        ),
        migrations.AddConstraint(
            model_name="decisionoverride",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True),
                name="decision_override_has_a_reason",
            ),
        ),
        migrations.AddIndex(
            model_name="whatif",
            index=models.Index(
                condition=models.Q(("next_step", ""), _negated=True),
                fields=["next_step", "due_at"],
                name="what_if_work",
            ),
        ),
        migrations.AddConstraint(
            model_name="whatif",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "running")),
                fields=("workspace",),
                name="one_open_what_if_each",
            ),
        ),
        migrations.AddConstraint(
            model_name="whatif",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["running", "done", "cancelled", "failed"])),
                name="what_if_status_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="whatifchange",
            constraint=models.UniqueConstraint(
                fields=("what_if", "case"), name="what_if_case_once"
            ),
        ),
        guard_model("cases", "DecisionOverride"),
    ]
