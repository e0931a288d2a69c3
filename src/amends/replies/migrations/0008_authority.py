"""Requests for approval with their level and time, the agreements to them, and what promises cost."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import amends.core.vocabulary
from amends.record.triggers import guard_model


class Migration(migrations.Migration):
    dependencies = [
        ("record", "0002_guard_the_record"),
        ("accounts", "0006_authority"),
        ("cases", "0004_triage_and_endings"),
        ("replies", "0007_guard_bystander_pass"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Agreement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("seat", models.CharField(max_length=8)),
                ("digest", models.CharField(max_length=64)),
                ("agreed_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "agreement",
            },
        ),
        migrations.CreateModel(
            name="ApprovalRequest",
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
                ("revision", models.PositiveIntegerField()),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("A0", "A0"),
                            ("A1", "A1"),
                            ("A2", "A2"),
                            ("A3", "A3"),
                            ("A4", "A4"),
                        ],
                        max_length=2,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("timed_out_at", models.DateTimeField(null=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("approved", "Approved"),
                            ("returned", "Sent back"),
                            ("taken_back", "Taken back"),
                            ("frozen", "Frozen"),
                        ],
                        default="",
                        max_length=12,
                    ),
                ),
                ("answered_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.AddField(
            model_name="approval",
            name="is_self",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="approval",
            name="level",
            field=models.CharField(
                choices=[("A0", "A0"), ("A1", "A1"), ("A2", "A2"), ("A3", "A3"), ("A4", "A4")],
                default=amends.core.vocabulary.ApprovalLevel["A1"],
                max_length=2,
            ),
        ),
        migrations.AddField(
            model_name="promise",
            name="amount",
            field=models.DecimalField(decimal_places=2, max_digits=14, null=True),
        ),
        migrations.AddField(
            model_name="promise",
            name="currency",
            field=models.CharField(blank=True, default="", max_length=3),
        ),
        migrations.AddConstraint(
            model_name="promise",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("amount__isnull", True),
                    models.Q(("currency", ""), _negated=True),
                    _connector="OR",
                ),
                name="promised_amount_has_currency",
            ),
        ),
        migrations.AddField(
            model_name="agreement",
            name="in_name_of",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="agreement",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="approvalrequest",
            name="asked_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="approvalrequest",
            name="reply",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="requests",
                to="replies.reply",
            ),
        ),
        migrations.AddField(
            model_name="approvalrequest",
            name="workspace",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="accounts.workspace",
            ),
        ),
        migrations.AddField(
            model_name="agreement",
            name="request",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="agreements",
                to="replies.approvalrequest",
            ),
        ),
        migrations.AddField(
            model_name="approval",
            name="request",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="approvals",
                to="replies.approvalrequest",
            ),
        ),
        migrations.AddConstraint(
            model_name="approval",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("is_self", False),
                    ("level", amends.core.vocabulary.ApprovalLevel["A0"]),
                    _connector="OR",
                ),
                name="alone_only_at_a0",
            ),
        ),
        migrations.AddIndex(
            model_name="approvalrequest",
            index=models.Index(
                condition=models.Q(("next_step", ""), _negated=True),
                fields=["next_step", "due_at"],
                name="approval_request_work",
            ),
        ),
        migrations.AddIndex(
            model_name="approvalrequest",
            index=models.Index(fields=["workspace", "-asked_at"], name="requests_recent"),
        ),
        migrations.AddConstraint(
            model_name="approvalrequest",
            constraint=models.UniqueConstraint(
                condition=models.Q(("outcome", "")), fields=("reply",), name="one_open_request"
            ),
        ),
        migrations.AddConstraint(
            model_name="approvalrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("outcome__in", ["", "approved", "returned", "taken_back", "frozen"])
                ),
                name="request_outcome_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="agreement",
            constraint=models.UniqueConstraint(
                fields=("request", "person"), name="one_agreement_each"
            ),
        ),
        migrations.AddConstraint(
            model_name="agreement",
            constraint=models.UniqueConstraint(
                fields=("request", "seat"), name="one_agreement_a_seat"
            ),
        ),
        guard_model("replies", "Agreement"),
    ]
