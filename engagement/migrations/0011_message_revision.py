"""What a message tells about was read from the end of its key: it gets a column of its own."""

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


class Migration(migrations.Migration):
    dependencies = [("engagement", "0010_attended_kinds")]

    operations = [
        migrations.AddField("message", "revision", models.PositiveBigIntegerField(default=0)),
        migrations.RunPython(read_keys, migrations.RunPython.noop),
    ]
