import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("engagement", "0020_notes_of_interviews")]

    operations = [
        migrations.AlterField(
            model_name="interview",
            name="writeup",
            field=models.OneToOneField(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="interview",
                to="engagement.writeup",
            ),
        ),
        migrations.RemoveField(model_name="interview", name="notes"),
    ]
