"""Mails to departments with a link that answers once; the language of a department."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0007_hours"),
        ("cases", "0011_keep"),
    ]

    operations = [
        migrations.AddField(
            model_name="department",
            name="language",
            field=models.CharField(
                blank=True,
                choices=[
                    ("en", "English"),
                    ("tr", "Türkçe"),
                    ("id", "Bahasa Indonesia"),
                    ("ru", "Русский"),
                    ("nl", "Nederlands"),
                ],
                default="",
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="departmenttask",
            name="answered_from",
            field=models.EmailField(blank=True, default="", max_length=254),
        ),
        migrations.CreateModel(
            name="TaskMail",
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
                ("stage", models.PositiveSmallIntegerField(default=0)),
                ("address", models.EmailField(max_length=254)),
                ("language", models.CharField(max_length=8)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("ready", "Ready"),
                            ("sent", "Sent"),
                            ("failed", "Failed"),
                            ("dropped", "Dropped"),
                        ],
                        default="ready",
                        max_length=8,
                    ),
                ),
                ("token_hash", models.CharField(max_length=64, null=True, unique=True)),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(null=True)),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mails",
                        to="cases.departmenttask",
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.workspace",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("next_step", ""), _negated=True),
                        fields=["next_step", "due_at"],
                        name="task_mail_work",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("task", "stage"), name="task_mail_once_a_stage"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["ready", "sent", "failed", "dropped"])),
                        name="task_mail_status_known",
                    ),
                ],
            },
        ),
    ]
