from datetime import timedelta

from django.db import migrations, models
from django.utils import timezone


def give_an_end(apps, schema_editor):
    """Those there are get as long as a new one, so that no program stops on the day of the upgrade."""
    tokens = apps.get_model("crm", "ApiToken").objects.filter(expires_at=None)
    tokens.update(expires_at=timezone.now() + timedelta(days=90))


class Migration(migrations.Migration):
    dependencies = [("crm", "0024_rows_decided_by_whom")]

    operations = [
        migrations.AddField("apitoken", "expires_at", models.DateTimeField(null=True)),
        migrations.RunPython(give_an_end, migrations.RunPython.noop),
        migrations.AlterField("apitoken", "expires_at", models.DateTimeField()),
    ]
