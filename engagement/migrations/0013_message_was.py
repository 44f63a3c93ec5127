from importlib import import_module

from django.db import migrations, models


# SQLite makes the table anew, and its trigger goes with the old one.
guard_again = import_module("engagement.migrations.0011_message_revision").guard_again


class Migration(migrations.Migration):

    dependencies = [
        ('engagement', '0012_recipient_who_fell_out'),
    ]

    operations = [
        migrations.RunPython(migrations.RunPython.noop, guard_again),
        migrations.AddField(
            model_name='message',
            name='was',
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.RunPython(guard_again, migrations.RunPython.noop),
    ]
