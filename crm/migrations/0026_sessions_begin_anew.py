from django.db import migrations


def end_all(apps, schema_editor):
    """The list of sessions knows those that began since: everybody logs in once more."""
    apps.get_model("sessions", "Session").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("crm", "0025_api_token_expires_at"), ("sessions", "0001_initial")]

    operations = [migrations.RunPython(end_all, migrations.RunPython.noop)]
