"""Private conversations, consents and closing notes name whose they are; a link names its reply.

Conversations from before get the author of their case, unless it was merged with another: then nobody knows.
"""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.db.models import OuterRef, Subquery

from amends.record.triggers import guard_model, unguard_model

PROTECT = django.db.models.deletion.PROTECT


def name_authors(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    case = apps.get_model("cases", "Case").objects
    took_over = case.filter(merged_into__isnull=False).values("merged_into")
    alone = case.filter(merged_into__isnull=True).exclude(pk__in=took_over)
    author = Subquery(case.filter(pk=OuterRef("case_id")).values("author_id")[:1])
    rows = apps.get_model("replies", "HandOver").objects.filter(author__isnull=True)
    rows.filter(case__in=alone.values("pk")).update(author_id=author)


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0014_merges"),
        ("inbox", "0008_erased_authors"),
        ("replies", "0011_hand_over"),
    ]
    operations = [
        migrations.RemoveConstraint(model_name="handover", name="one_unused_link_a_case"),
        migrations.AddField(
            model_name="handover",
            name="author",
            field=models.ForeignKey(
                null=True, on_delete=PROTECT, related_name="+", to="inbox.author"
            ),
        ),
        migrations.AddField(
            model_name="handover",
            name="offered_in",
            field=models.ForeignKey(
                null=True, on_delete=PROTECT, related_name="links", to="replies.reply"
            ),
        ),
        migrations.AddConstraint(
            model_name="handover",
            constraint=models.UniqueConstraint(
                condition=models.Q(("revoked_at__isnull", True), ("used_at__isnull", True)),
                fields=("offered_in",),
                name="one_unused_link_a_reply",
            ),
        ),
        migrations.AddField(
            model_name="reply",
            name="closes",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=PROTECT,
                related_name="+",
                to="replies.handover",
            ),
        ),
        unguard_model("replies", "ClosingConsent"),
        migrations.AddField(
            model_name="closingconsent",
            name="hand_over",
            field=models.ForeignKey(
                null=True,
                on_delete=PROTECT,
                related_name="closing_consents",
                to="replies.handover",
            ),
        ),
        guard_model("replies", "ClosingConsent"),
        unguard_model("replies", "ClosingNote"),
        migrations.AddField(
            model_name="closingnote",
            name="hand_over",
            field=models.ForeignKey(
                null=True,
                on_delete=PROTECT,
                related_name="closing_notes",
                to="replies.handover",
            ),
        ),
        guard_model("replies", "ClosingNote"),
        migrations.RunPython(name_authors, migrations.RunPython.noop, elidable=True),
    ]
