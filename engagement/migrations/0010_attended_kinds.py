"""Which kinds of event somebody attended is for engagement to know: the table moves here with its rows."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("crm", "0018_timeline_by_keys"), ("engagement", "0009_held_by_claim")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "ALTER TABLE crm_attendedkind RENAME TO engagement_attendedkind",
                    "ALTER TABLE engagement_attendedkind RENAME TO crm_attendedkind",
                )
            ],
            state_operations=[
                migrations.CreateModel(
                    name="AttendedKind",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("kind", models.CharField(choices=[("expert session", "expert session"), ("workshop", "workshop"), ("event", "event"), ("meeting", "meeting")], max_length=20)),
                        (
                            "contact",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="attended_kinds",
                                to="crm.contact",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("kind", "contact"), name="attended_kind_once")
                        ],
                    },
                ),
            ],
        ),
    ]
