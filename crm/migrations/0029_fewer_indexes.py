from django.db import migrations, models

# As Django called them; on PostgreSQL those of texts have a second one for LIKE.
_BEFORE = [
    ("crm_contact", "last_heard_on", "crm_contact_last_heard_on_9fb5005a"),
    ("crm_contact", "origin", "crm_contact_origin_e67f519d"),
    ("crm_contact", "sort_key", "crm_contact_sort_key_4b1adb16"),
    ("crm_contact", "surname_key", "crm_contact_surname_key_9cd0f680"),
    ("crm_contactpoint", "value", "crm_contactpoint_value_37139928"),
]
_FIELDS = [
    migrations.AlterField(
        "contact", "last_heard_on", models.DateField(blank=True, null=True, verbose_name="last heard")
    ),
    migrations.AlterField(
        "contact",
        "origin",
        models.CharField(
            choices=[("hand", "added by hand"), ("import", "a spreadsheet"), ("api", "another program")],
            default="hand",
            max_length=6,
            verbose_name="came from",
        ),
    ),
    migrations.AlterField("contact", "sort_key", models.CharField(editable=False, max_length=300)),
    migrations.AlterField(
        "contact", "surname_key", models.CharField(default="", editable=False, max_length=200)
    ),
    migrations.AlterField("contactpoint", "value", models.CharField(max_length=254, verbose_name="value")),
]


class Migration(migrations.Migration):
    """Altering the fields would make both tables anew on SQLite, without the index of migration 0008.

    The way back makes no index for LIKE: nothing asked it then either.
    """

    dependencies = [("crm", "0028_kinds_of_rows")]

    operations = [
        migrations.RunSQL(
            [f"DROP INDEX IF EXISTS {name}{end}" for _table, _column, name in _BEFORE for end in ("", "_like")],
            [f"CREATE INDEX {name} ON {table} ({column})" for table, column, name in _BEFORE],
            state_operations=_FIELDS,
        ),
        migrations.AddIndex("contact", models.Index(fields=["sort_key"], name="contact_by_sort_key")),
        migrations.AddIndex("contact", models.Index(fields=["surname_key"], name="contact_by_surname_key")),
        migrations.AddIndex("contact", models.Index(fields=["origin"], name="contact_by_origin")),
        migrations.AddIndex("contactpoint", models.Index(fields=["value"], name="contact_point_by_value")),
    ]
