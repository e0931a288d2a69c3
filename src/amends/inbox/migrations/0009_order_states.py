"""Where an order stands, as a system of the workspace tells."""

from django.db import migrations, models

STATES = [
    ("placed", "placed"),
    ("sent", "sent"),
    ("delivered", "delivered"),
    ("returned", "returned"),
    ("refunded", "refunded"),
    ("cancelled", "cancelled"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("inbox", "0008_erased_authors"),
    ]

    operations = [
        migrations.AddField(
            model_name="orderlink",
            name="state",
            field=models.CharField(blank=True, choices=STATES, default="", max_length=12),
        ),
        migrations.AddConstraint(
            model_name="orderlink",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["", *(code for code, _ in STATES)])),
                name="order_state_known",
            ),
        ),
    ]
