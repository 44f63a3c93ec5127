"""What long texts are searched in, with an index of words and stems in the way of each database."""

import django.db.models.deletion
from django.db import migrations, models

# Triggers keep the index of SQLite, as that of contacts. Words come folded with spaces between, so that the
# tokenizer has nothing to fold; positions are not asked for (detail).
_OLD = "INSERT INTO crm_text_fts (crm_text_fts, rowid, words, stems) VALUES ('delete', old.id, old.words, old.stems);"
_NEW = "INSERT INTO crm_text_fts (rowid, words, stems) VALUES (new.id, new.words, new.stems);"
_SQLITE = [
    "CREATE VIRTUAL TABLE crm_text_fts USING fts5 (words, stems, content='', tokenize='ascii', detail='column')",
    f"CREATE TRIGGER crm_text_fts_insert AFTER INSERT ON crm_textdocument BEGIN {_NEW} END",
    f"CREATE TRIGGER crm_text_fts_delete AFTER DELETE ON crm_textdocument BEGIN {_OLD} END",
    f"CREATE TRIGGER crm_text_fts_update AFTER UPDATE ON crm_textdocument BEGIN {_OLD} {_NEW} END",
]
# Each word is a lexeme as it is; the parser of the configuration "simple" would cut some of other scripts.
# The list of what is still to be put in stays short (kB), since every question reads it.
_POSTGRESQL = [
    f"CREATE INDEX crm_textdocument_{column} ON crm_textdocument"
    f" USING gin (array_to_tsvector(string_to_array(btrim({column}), ' '))) WITH (gin_pending_list_limit = 256)"
    for column in ("words", "stems")
]


def make_index(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    for statement in _SQLITE if vendor == "sqlite" else _POSTGRESQL:
        schema_editor.execute(statement)


def drop_index(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for name in ("insert", "delete", "update"):
            schema_editor.execute(f"DROP TRIGGER crm_text_fts_{name}")
        schema_editor.execute("DROP TABLE crm_text_fts")


class Migration(migrations.Migration):

    dependencies = [
        ('contenttypes', '0002_remove_content_type_name'),
        ('crm', '0026_sessions_begin_anew'),
    ]

    operations = [
        migrations.CreateModel(
            name='TextDocument',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('object_id', models.PositiveBigIntegerField()),
                ('language', models.CharField(choices=[('nl', 'Dutch'), ('en', 'English')], max_length=2)),
                ('words', models.TextField()),
                ('stems', models.TextField()),
                ('content_type', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='contenttypes.contenttype')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('content_type', 'object_id', 'language'), name='textdocument_once_per_language')],
            },
        ),
        migrations.RunPython(make_index, drop_index),
    ]
