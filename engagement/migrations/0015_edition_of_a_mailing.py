import django.db.models.deletion
from importlib import import_module

from django.db import migrations, models


# SQLite makes the table anew, and its trigger goes with the old one.
guard_again = import_module("engagement.migrations.0011_message_revision").guard_again


class Migration(migrations.Migration):

    dependencies = [
        ('engagement', '0014_reason_unusable_address'),
    ]

    operations = [
        migrations.RunPython(migrations.RunPython.noop, guard_again),
        migrations.CreateModel(
            name='Edition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=64)),
                ('language', models.CharField(max_length=2)),
                ('subject', models.CharField(max_length=300)),
                ('text', models.TextField()),
                ('html', models.TextField()),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('mailing', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='editions', to='engagement.mailing')),
            ],
        ),
        migrations.AddField(
            model_name='message',
            name='edition',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='engagement.edition'),
        ),
        migrations.AddConstraint(
            model_name='edition',
            constraint=models.UniqueConstraint(fields=('mailing', 'digest'), name='edition_once'),
        ),
        migrations.RunPython(guard_again, migrations.RunPython.noop),
    ]
