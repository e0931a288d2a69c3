"""Erased authors keep a pseudonym, and what erased pictures and files were called can go (both for good).

Who was erased before is found in the log: a name that has come back since goes again.
"""

from __future__ import annotations

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from amends.record.triggers import guard_erasable, unguard_model

WORDS_ERASED = (
    "SELECT 1 FROM inbox_version JOIN record_content ON record_content.id = inbox_version.content_id "
    "WHERE inbox_version.id = OLD.version_id AND record_content.redacted_at IS NOT NULL"
)


def erase_names_again(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """The first erasure of a name counts; `kept` under a legal hold is none."""
    authors = apps.get_model("inbox", "Author").objects
    entries = apps.get_model("record", "ActionLog").objects.filter(action="author.erase")
    for entry in entries.order_by("pk").iterator():
        if entry.data.get("name") == "erased" and entry.subject_id.isdigit():
            pk = int(entry.subject_id)
            rows = authors.filter(pk=pk, workspace_id=entry.workspace_id, erased_at__isnull=True)
            rows.update(
                handle=f"erased-{pk}", display_name="", url="", followers=None, erased_at=entry.at
            )


def erase_descriptions(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    rows = apps.get_model("inbox", "Attachment").objects
    erased = rows.filter(version__content__redacted_at__isnull=False)
    erased.update(url="", alt_text="")


class Migration(migrations.Migration):
    dependencies = [
        ("inbox", "0007_attachments"),
        ("record", "0002_guard_the_record"),
    ]
    operations = [
        migrations.AddField(
            model_name="author",
            name="erased_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.RunPython(erase_names_again, migrations.RunPython.noop, elidable=True),
        unguard_model("inbox", "Attachment"),
        guard_erasable("inbox", "Attachment", erasable=("url", "alt_text"), once=WORDS_ERASED),
        migrations.RunPython(erase_descriptions, migrations.RunPython.noop, elidable=True),
    ]
