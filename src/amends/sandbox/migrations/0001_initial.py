import django.db.models.deletion
from django.db import migrations, models

import amends.sandbox.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="EventCounter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("value", models.PositiveBigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Person",
            fields=[
                (
                    "id",
                    models.CharField(
                        default=amends.sandbox.ids.make_person_id,
                        editable=False,
                        max_length=16,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("handle", models.SlugField(max_length=30, unique=True)),
                ("name", models.CharField(max_length=80)),
                ("bio", models.CharField(blank=True, max_length=300)),
                ("followers", models.PositiveIntegerField(default=0)),
                ("language", models.CharField(max_length=12)),
                (
                    "colour",
                    models.CharField(
                        choices=[
                            ("clay", "Clay"),
                            ("moss", "Moss"),
                            ("plum", "Plum"),
                            ("rose", "Rose"),
                            ("rust", "Rust"),
                            ("sand", "Sand"),
                            ("sea", "Sea"),
                            ("slate", "Slate"),
                        ],
                        default="slate",
                        max_length=8,
                    ),
                ),
                ("is_brand", models.BooleanField(default=False)),
                (
                    "token_hash",
                    models.CharField(editable=False, max_length=64, null=True, unique=True),
                ),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="StreamState",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("turn", models.PositiveIntegerField(default=0)),
                ("next_position", models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Post",
            fields=[
                (
                    "id",
                    models.CharField(
                        default=amends.sandbox.ids.make_post_id,
                        editable=False,
                        max_length=16,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("text", models.TextField()),
                ("lang", models.CharField(max_length=12)),
                ("created_at", models.DateTimeField()),
                ("edited_at", models.DateTimeField(null=True)),
                ("revision", models.PositiveIntegerField(default=1)),
                ("deleted_at", models.DateTimeField(null=True)),
                (
                    "deleted_by",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("author", "its author"),
                            ("platform", "the network"),
                            ("us", "the brand"),
                        ],
                        max_length=8,
                    ),
                ),
                ("attachments", models.JSONField(default=list)),
                ("idempotency_key", models.CharField(max_length=64, null=True, unique=True)),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="posts",
                        to="sandbox.person",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="sandbox.post",
                    ),
                ),
                (
                    "root",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="thread",
                        to="sandbox.post",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                ("sequence", models.PositiveBigIntegerField(primary_key=True, serialize=False)),
                (
                    "type",
                    models.CharField(
                        choices=[
                            ("created", "Created"),
                            ("edited", "Edited"),
                            ("deleted", "Deleted"),
                        ],
                        max_length=8,
                    ),
                ),
                ("revision", models.PositiveIntegerField()),
                ("at", models.DateTimeField()),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="events",
                        to="sandbox.post",
                    ),
                ),
            ],
            options={
                "ordering": ["sequence"],
            },
        ),
        migrations.CreateModel(
            name="PostRevision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("revision", models.PositiveIntegerField()),
                ("text", models.TextField()),
                ("at", models.DateTimeField()),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="revisions",
                        to="sandbox.post",
                    ),
                ),
            ],
            options={
                "ordering": ["revision"],
            },
        ),
        migrations.CreateModel(
            name="ScriptedItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveIntegerField(unique=True)),
                (
                    "act",
                    models.CharField(
                        choices=[("post", "Post"), ("edit", "Edit"), ("delete", "Delete")],
                        max_length=6,
                    ),
                ),
                ("text", models.TextField(blank=True)),
                ("lang", models.CharField(max_length=12)),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="sandbox.person",
                    ),
                ),
                (
                    "latest",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="sandbox.post",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="sandbox.post",
                    ),
                ),
                (
                    "target",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="sandbox.scripteditem",
                    ),
                ),
            ],
            options={
                "ordering": ["position"],
            },
        ),
        migrations.CreateModel(
            name="ThreadConcern",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="concerns",
                        to="sandbox.person",
                    ),
                ),
                (
                    "root",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="concerns",
                        to="sandbox.post",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="post",
            index=models.Index(fields=["root", "created_at"], name="sandbox_thread"),
        ),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("deleted_at__isnull", True), ("deleted_by", "")),
                    models.Q(
                        ("deleted_at__isnull", False),
                        ("deleted_by__in", ["author", "platform", "us"]),
                    ),
                    _connector="OR",
                ),
                name="sandbox_deleted_says_by_whom",
            ),
        ),
        migrations.AddConstraint(
            model_name="postrevision",
            constraint=models.UniqueConstraint(
                fields=("post", "revision"), name="sandbox_one_text_per_revision"
            ),
        ),
        migrations.AddConstraint(
            model_name="threadconcern",
            constraint=models.UniqueConstraint(
                fields=("root", "person"), name="sandbox_one_concern"
            ),
        ),
    ]
