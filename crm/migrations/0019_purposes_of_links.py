from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("crm", "0018_timeline_by_keys")]

    operations = [
        migrations.AlterField("link", "purpose", models.CharField(max_length=20)),
    ]
