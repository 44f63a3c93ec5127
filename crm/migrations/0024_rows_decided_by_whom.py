import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def tell_repeated_rows_apart(apps, schema_editor):
    """Rows that are surely of whom an earlier row of the file is were counted as possible duplicates."""
    rows = apps.get_model("crm", "ImportRow").objects
    rows.filter(action="duplicate", candidates=[]).update(action="repeated")


def count_them_together_again(apps, schema_editor):
    apps.get_model("crm", "ImportRow").objects.filter(action="repeated").update(action="duplicate")


class Migration(migrations.Migration):

    dependencies = [
        ('crm', '0023_forms_taken_once'),
    ]

    operations = [
        migrations.AddField(
            model_name='importrow',
            name='decided_by',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='importrow',
            name='action',
            field=models.CharField(choices=[('new', 'new'), ('changed', 'changed'), ('same', 'same'), ('repeated', 'again in this file'), ('duplicate', 'possible duplicate'), ('refused', 'refused')], max_length=9),
        ),
        migrations.RunPython(tell_repeated_rows_apart, count_them_together_again),
    ]
