"""What a message tells about was read from the end of its key: it gets a column of its own."""

from importlib import import_module

from django.db import migrations, models

_PIECE = 2000
_NUMBERED = ["update", "cancellation", "confirmation", "reminder"]


def read_keys(apps, schema_editor):
    """Take the fourth part of "confirmation:12:345:2", where there is one."""
    message = apps.get_model("engagement", "Message")
    keys = message.objects.filter(kind__in=_NUMBERED).order_by("pk").values_list("pk", "key")
    piece = list(keys[:_PIECE])
    while piece:
        ends = [(pk, key.split(":")[3:]) for pk, key in piece]
        found = [message(pk=pk, revision=int(end[0])) for pk, end in ends if end and end[0].isdecimal()]
        message.objects.bulk_update(found, ["revision"])
        piece = list(keys.filter(pk__gt=piece[-1][0])[:_PIECE])


def guard_again(apps, schema_editor):
    """SQLite makes the table anew for another column, and its trigger goes with the old one."""
    if schema_editor.connection.vendor == "sqlite":
        trigger = import_module("engagement.migrations.0004_steps_of_a_message")._SQLITE
        schema_editor.execute(trigger.replace("TRIGGER", "TRIGGER IF NOT EXISTS", 1), params=None)


class Migration(migrations.Migration):
    dependencies = [("engagement", "0010_attended_kinds")]

    operations = [
        migrations.RunPython(migrations.RunPython.noop, guard_again),
        migrations.AddField("message", "revision", models.PositiveBigIntegerField(default=0)),
        migrations.RunPython(read_keys, migrations.RunPython.noop),
        migrations.RunPython(guard_again, migrations.RunPython.noop),
    ]
