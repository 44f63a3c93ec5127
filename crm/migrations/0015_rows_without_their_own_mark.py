from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("crm", "0014_imports_so_far")]

    operations = [
        migrations.RemoveField(model_name="importrow", name="repeated_row"),
        migrations.RemoveField(model_name="importrow", name="applied_at"),
    ]
