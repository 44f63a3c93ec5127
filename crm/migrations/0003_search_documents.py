"""What contacts are searched in, with a trigram index in the way of each database."""

import django.db.models.deletion
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models

from crm.contacts.indexing import keep_documents

# Triggers keep the index of SQLite; it holds no text of its own, so a removal names what was there.
_REMOVE = "INSERT INTO crm_contact_fts (crm_contact_fts, rowid, text) VALUES ('delete', old.contact_id, old.text);"
_ADD = "INSERT INTO crm_contact_fts (rowid, text) VALUES (new.contact_id, new.text);"
_SQLITE = [
    "CREATE VIRTUAL TABLE crm_contact_fts USING fts5 (text, content='', tokenize='trigram')",
    f"CREATE TRIGGER crm_contact_fts_insert AFTER INSERT ON crm_searchdocument BEGIN {_ADD} END",
    f"CREATE TRIGGER crm_contact_fts_delete AFTER DELETE ON crm_searchdocument BEGIN {_REMOVE} END",
    "CREATE TRIGGER crm_contact_fts_update AFTER UPDATE ON crm_searchdocument"
    f" WHEN old.text <> new.text OR old.contact_id <> new.contact_id BEGIN {_REMOVE} {_ADD} END",
]
_POSTGRESQL = ["CREATE INDEX crm_searchdocument_trigrams ON crm_searchdocument USING gin (text gin_trgm_ops)"]


def make_index(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    for statement in _SQLITE if vendor == "sqlite" else _POSTGRESQL:
        schema_editor.execute(statement)


def drop_index(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for name in ("insert", "delete", "update"):
            schema_editor.execute(f"DROP TRIGGER crm_contact_fts_{name}")
        schema_editor.execute("DROP TABLE crm_contact_fts")


def fill(apps, schema_editor):
    # It reads named columns only, so it works in the middle of the history too.
    keep_documents(list(apps.get_model("crm", "Contact").objects.order_by("pk").values_list("pk", flat=True)))


class Migration(migrations.Migration):
    dependencies = [("crm", "0002_bodies_and_organisation_details")]

    operations = [
        TrigramExtension(),
        migrations.CreateModel(
            name="SearchDocument",
            fields=[
                (
                    "contact",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="search_document",
                        serialize=False,
                        to="crm.contact",
                    ),
                ),
                ("text", models.TextField()),
            ],
        ),
        migrations.RunPython(make_index, drop_index),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RemoveField(model_name="contact", name="search"),
    ]
