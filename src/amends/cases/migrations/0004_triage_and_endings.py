"""What a triage asks besides, what becomes of a case, the troll test, lanes and legal holds."""

from __future__ import annotations

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from amends.record.triggers import guard_model, unguard_model

# The reason that history was closed with (cases/open.py), at the time of this migration.
HISTORY = "Published before the channel was connected."
ADDED_ONLY = (
    "TrollTest",
    "TrollAnswer",
    "TrollRuling",
    "Disposition",
    "SilenceProposal",
    "SilenceRuling",
    "SilenceLook",
    "Fight",
    "Advocate",
)


def name_earlier_closings(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Closings from before: history is told from the rest, which keeps the reason it was given."""
    closed = apps.get_model("cases", "Case").objects.filter(
        status__in=["resolved", "no_action"], disposition=""
    )
    closed.filter(reason=HISTORY).update(disposition="history")
    closed.filter(status="resolved").update(disposition="resolved")
    closed.filter(disposition="").update(disposition="earlier")


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_guard_texts"),
        ("cases", "0003_model_release"),
        ("inbox", "0004_guard_mentions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        unguard_model("cases", "Triage"),
        migrations.CreateModel(
            name="Advocate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("is_advocate", models.BooleanField()),
                ("marked_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "advocate",
            },
        ),
        migrations.CreateModel(
            name="Disposition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=16)),
                ("reason", models.TextField()),
                ("is_solo", models.BooleanField(default=False)),
                ("closed_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "disposition",
            },
        ),
        migrations.CreateModel(
            name="Fight",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("turns", models.PositiveIntegerField()),
                ("authors", models.PositiveIntegerField()),
                ("found_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "fight",
            },
        ),
        migrations.CreateModel(
            name="LegalHold",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.TextField()),
                ("review_on", models.DateField()),
                ("placed_at", models.DateTimeField()),
                ("lifted_at", models.DateTimeField(blank=True, null=True)),
                ("lifted_because", models.TextField(blank=True, default="")),
            ],
        ),
        migrations.CreateModel(
            name="RootCause",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                ("key", models.CharField(max_length=80)),
                ("added_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="SilenceLook",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("still_holds", models.BooleanField()),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("looked_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "second look at a silence",
            },
        ),
        migrations.CreateModel(
            name="SilenceProposal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "ground",
                    models.CharField(
                        choices=[
                            ("troll", "A troll, by the test and two people"),
                            (
                                "vindictive",
                                "The facts stand there once; the author wants to hurt (D11)",
                            ),
                            ("bait", "A competitor's bait (D15)"),
                        ],
                        max_length=10,
                    ),
                ),
                ("reason", models.CharField(max_length=500)),
                ("proposed_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "proposal of silence",
            },
        ),
        migrations.CreateModel(
            name="SilenceRuling",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("is_agreed", models.BooleanField()),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("is_solo", models.BooleanField(default=False)),
                ("ruled_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "ruling on a silence",
            },
        ),
        migrations.CreateModel(
            name="TrollAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "experience",
                    models.CharField(
                        choices=[
                            ("usable", "A usable answer: it is a complaint"),
                            ("unusable", "An answer that says nothing of an experience"),
                            ("none", "No answer"),
                        ],
                        max_length=8,
                    ),
                ),
                ("noted_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "answer to a troll test",
            },
        ),
        migrations.CreateModel(
            name="TrollRuling",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "ruled",
                    models.CharField(
                        choices=[
                            ("confirmed", "Confirmed"),
                            ("refused", "Refused"),
                            ("overturned", "Overturned"),
                        ],
                        max_length=10,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("is_solo", models.BooleanField(default=False)),
                ("ruled_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "ruling on a label",
            },
        ),
        migrations.CreateModel(
            name="TrollTest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("is_on_topic", models.BooleanField()),
                ("has_concern", models.BooleanField()),
                ("is_constructive", models.BooleanField()),
                ("conduct", models.CharField(blank=True, max_length=500)),
                ("quotes", models.JSONField(default=list)),
                ("taken_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "troll test",
            },
        ),
        migrations.AddField(
            model_name="case",
            name="disposition",
            field=models.CharField(
                blank=True,
                choices=[
                    ("resolved", "Resolved: the matter is settled"),
                    (
                        "best_effort",
                        "Best effort: we did what we could, the author is not satisfied",
                    ),
                    ("no_answer", "Answered, and the author did not write again"),
                    ("praise_noted", "Praise, noted"),
                    ("not_ours", "Not ours to answer"),
                    ("duplicate", "The same matter as another case"),
                    ("removed", "Dealt with by a measure, or gone from the channel"),
                    ("silence", "Deliberate silence"),
                    ("history", "From before the channel was connected"),
                    ("earlier", "Closed before dispositions were asked for"),
                ],
                default="",
                max_length=16,
            ),
        ),
        migrations.AddField(
            model_name="case",
            name="lane_changed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="case",
            name="look_asked_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="case",
            name="look_due_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="triage",
            name="author_type",
            field=models.CharField(blank=True, default="", max_length=24),
        ),
        migrations.AddField(
            model_name="triage",
            name="fault_words",
            field=models.CharField(blank=True, default="", max_length=200),
        ),
        migrations.AddField(
            model_name="triage",
            name="flags",
            field=models.JSONField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="triage",
            name="goal",
            field=models.CharField(blank=True, default="", max_length=16),
        ),
        migrations.AddField(
            model_name="triage",
            name="policy_ground",
            field=models.CharField(blank=True, default="", max_length=24),
        ),
        migrations.AddField(
            model_name="triage",
            name="root_cause",
            field=models.CharField(blank=True, default="", max_length=32),
        ),
        migrations.AddField(
            model_name="triage",
            name="speech_level",
            field=models.CharField(blank=True, default="", max_length=16),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("look_asked_at__isnull", False)),
                fields=["workspace", "look_asked_at"],
                name="case_looks_due",
            ),
        ),
        migrations.AddField(
            model_name="advocate",
            name="comment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="advocate_marks",
                to="inbox.comment",
            ),
        ),
        migrations.AddField(
            model_name="advocate",
            name="marked_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="advocate",
            name="workspace",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="accounts.workspace",
            ),
        ),
        migrations.AddField(
            model_name="disposition",
            name="agreed_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="disposition",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="dispositions",
                to="cases.case",
            ),
        ),
        migrations.AddField(
            model_name="disposition",
            name="closed_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="disposition",
            name="duplicate_of",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="cases.case",
            ),
        ),
        migrations.AddField(
            model_name="disposition",
            name="workspace",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="accounts.workspace",
            ),
        ),
        migrations.AddField(
            model_name="fight",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="fights", to="cases.case"
            ),
        ),
        migrations.AddField(
            model_name="fight",
            name="found_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="fight",
            name="thread",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="fight", to="inbox.thread"
            ),
        ),
        migrations.AddField(
            model_name="fight",
            name="workspace",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="accounts.workspace",
            ),
        ),
        migrations.AddField(
            model_name="legalhold",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="legal_holds",
                to="cases.case",
            ),
        ),
        migrations.AddField(
            model_name="legalhold",
            name="counsel",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="legalhold",
            name="lifted_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="legalhold",
            name="placed_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="legalhold",
            name="workspace",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="accounts.workspace",
            ),
        ),
        migrations.AddField(
            model_name="rootcause",
            name="added_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="rootcause",
            name="workspace",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="accounts.workspace",
            ),
        ),
        migrations.AddField(
            model_name="silencelook",
            name="disposition",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="look",
                to="cases.disposition",
            ),
        ),
        migrations.AddField(
            model_name="silencelook",
            name="looked_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="silencelook",
            name="workspace",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="accounts.workspace",
            ),
        ),
        migrations.AddField(
            model_name="silenceproposal",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="silence_proposals",
                to="cases.case",
            ),
        ),
        migrations.AddField(
            model_name="silenceproposal",
            name="proposed_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="silenceproposal",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="inbox.version"
            ),
        ),
        migrations.AddField(
            model_name="silenceproposal",
            name="workspace",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="accounts.workspace",
            ),
        ),
        migrations.AddField(
            model_name="silenceruling",
            name="proposal",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="ruling",
                to="cases.silenceproposal",
            ),
        ),
        migrations.AddField(
            model_name="silenceruling",
            name="ruled_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="silenceruling",
            name="workspace",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="accounts.workspace",
            ),
        ),
        migrations.AddField(
            model_name="trollanswer",
            name="noted_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="trollanswer",
            name="workspace",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="accounts.workspace",
            ),
        ),
        migrations.AddField(
            model_name="trollruling",
            name="ruled_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="trollruling",
            name="workspace",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="accounts.workspace",
            ),
        ),
        migrations.AddField(
            model_name="trolltest",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="troll_tests",
                to="cases.case",
            ),
        ),
        migrations.AddField(
            model_name="trolltest",
            name="taken_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="trolltest",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="inbox.version"
            ),
        ),
        migrations.AddField(
            model_name="trolltest",
            name="workspace",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="accounts.workspace",
            ),
        ),
        migrations.AddField(
            model_name="trollruling",
            name="test",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="rulings",
                to="cases.trolltest",
            ),
        ),
        migrations.AddField(
            model_name="trollanswer",
            name="test",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="answer",
                to="cases.trolltest",
            ),
        ),
        migrations.AddIndex(
            model_name="disposition",
            index=models.Index(
                fields=["workspace", "-closed_at"], name="cases_dispo_workspa_34fdbd_idx"
            ),
        ),
        migrations.AddConstraint(
            model_name="disposition",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="disposition_has_a_reason"
            ),
        ),
        migrations.AddConstraint(
            model_name="disposition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("code", "silence"), _negated=True),
                    ("agreed_by__isnull", False),
                    _connector="OR",
                ),
                name="silence_has_a_second_person",
            ),
        ),
        migrations.AddConstraint(
            model_name="legalhold",
            constraint=models.UniqueConstraint(
                condition=models.Q(("lifted_at__isnull", True)),
                fields=("case",),
                name="one_legal_hold_each",
            ),
        ),
        migrations.AddConstraint(
            model_name="rootcause",
            constraint=models.UniqueConstraint(
                fields=("workspace", "key"), name="root_cause_named_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="trolltest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("is_on_topic", True),
                    ("has_concern", True),
                    ("is_constructive", True),
                    models.Q(("conduct", ""), _negated=True),
                    _connector="OR",
                ),
                name="suspicion_names_conduct",
            ),
        ),
        migrations.AddConstraint(
            model_name="trollruling",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ruled__in", ["confirmed", "refused"])),
                fields=("test",),
                name="label_ruled_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="trollruling",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ruled", "overturned")),
                fields=("test",),
                name="label_overturned_once",
            ),
        ),
        migrations.RunPython(name_earlier_closings, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status__in", ["resolved", "no_action"]), _negated=True),
                    models.Q(("disposition", ""), _negated=True),
                    _connector="OR",
                ),
                name="closed_case_has_a_disposition",
            ),
        ),
        guard_model("cases", "Triage"),
        *(guard_model("cases", name) for name in ADDED_ONLY),
    ]
