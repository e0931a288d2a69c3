"""A third kind of versioned text: the starting points of replies."""

from django.db import migrations, models

from amends.record.triggers import guard_model, unguard_model

KINDS = [
    ("policy", "Comment policy"),
    ("playbook", "Playbook"),
    ("starting_points", "Starting points"),
]


class Migration(migrations.Migration):
    dependencies = [("accounts", "0010_working_together")]

    operations = [
        unguard_model("accounts", "textversion"),
        migrations.RemoveConstraint(model_name="textversion", name="text_kind_known"),
        migrations.AlterField(
            model_name="textdraft",
            name="kind",
            field=models.CharField(choices=KINDS, max_length=16),
        ),
        migrations.AlterField(
            model_name="textversion",
            name="kind",
            field=models.CharField(choices=KINDS, max_length=16),
        ),
        migrations.AddConstraint(
            model_name="textversion",
            constraint=models.CheckConstraint(
                condition=models.Q(kind__in=[code for code, _words in KINDS]),
                name="text_kind_known",
            ),
        ),
        guard_model("accounts", "textversion"),
    ]
