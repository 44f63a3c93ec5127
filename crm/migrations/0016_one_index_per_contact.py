import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('crm', '0015_rows_without_their_own_mark'),
    ]

    operations = [
        migrations.AlterField(
            model_name='consentrecord',
            name='contact',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='consent_records', to='crm.contact'),
        ),
        migrations.AlterField(
            model_name='preference',
            name='contact',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='preferences', to='crm.contact'),
        ),
        migrations.AlterField(
            model_name='timelineentry',
            name='contact',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='timeline', to='crm.contact'),
        ),
        migrations.AlterField(
            model_name='timelineentry',
            name='organisation',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='timeline', to='crm.organisation'),
        ),
    ]
