"""The table of addresses that allauth keeps beside User.email: nobody keeps it up to date, so it is emptied."""

from django.db import migrations


def forget(apps, schema_editor):
    apps.get_model("account", "EmailConfirmation").objects.all().delete()
    apps.get_model("account", "EmailAddress").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("crm", "0021_department_of_affiliations"), ("account", "0009_emailaddress_unique_primary_email")]

    operations = [migrations.RunPython(forget, migrations.RunPython.noop, elidable=True)]
