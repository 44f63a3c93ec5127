import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def index_by_heard(apps, schema_editor):
    """SQLite makes the table of contacts anew for a column more, without the index that 0008 wrote in SQL."""
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(
            "CREATE INDEX IF NOT EXISTS crm_contact_by_heard ON crm_contact (last_heard_on, id)"
        )


class Migration(migrations.Migration):

    dependencies = [
        ('crm', '0012_complaint_source'),
    ]

    operations = [
        migrations.RunPython(migrations.RunPython.noop, index_by_heard),
        migrations.CreateModel(
            name='ImportFilePart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField()),
                ('content', models.BinaryField()),
            ],
            options={
                'ordering': ['batch', 'position'],
            },
        ),
        migrations.CreateModel(
            name='ImportLayout',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fingerprint', models.CharField(max_length=64, unique=True)),
                ('kind', models.CharField(choices=[('contacts', 'contacts'), ('organisations', 'organisations')], max_length=13)),
                ('fields', models.JSONField(default=list)),
                ('sector', models.CharField(blank=True, choices=[('education', 'Education'), ('research', 'Research'), ('entrepreneurs', 'Entrepreneurs'), ('government', 'Government')], max_length=13)),
                ('confirmed_at', models.DateTimeField(auto_now=True)),
            ],
        ),
        migrations.CreateModel(
            name='Provenance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=300, verbose_name='source')),
                ('obtained_on', models.DateField(verbose_name='obtained on')),
                ('tell_by', models.DateField(verbose_name='to be told by')),
                ('told_at', models.DateTimeField(blank=True, null=True, verbose_name='told at')),
            ],
            options={
                'verbose_name': 'provenance',
                'verbose_name_plural': 'provenances',
            },
        ),
        migrations.AddField(
            model_name='contact',
            name='external_id',
            field=models.CharField(blank=True, max_length=50, verbose_name='code elsewhere'),
        ),
        migrations.AddField(
            model_name='contact',
            name='surname_key',
            field=models.CharField(db_index=True, default='', editable=False, max_length=200),
        ),
        migrations.AddField(
            model_name='historicalcontact',
            name='external_id',
            field=models.CharField(blank=True, max_length=50, verbose_name='code elsewhere'),
        ),
        migrations.AddField(
            model_name='importbatch',
            name='all_sheets',
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name='importbatch',
            name='applied_to',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='importbatch',
            name='examples',
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name='importbatch',
            name='forgotten',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='importbatch',
            name='planned_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='importbatch',
            name='planned_to',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='importbatch',
            name='problem',
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name='importbatch',
            name='undone_from',
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='importbatch',
            name='wanted_sheet',
            field=models.CharField(blank=True, max_length=100),
        ),
        migrations.AddField(
            model_name='importrow',
            name='candidates',
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name='importrow',
            name='decision',
            field=models.CharField(blank=True, choices=[('take', 'take'), ('skip', 'skip'), ('merge', 'merge'), ('fill', 'fill only empty fields')], max_length=5),
        ),
        migrations.AddField(
            model_name='importrow',
            name='kept',
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name='importrow',
            name='undone_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name='importbatch',
            name='kind',
            field=models.CharField(blank=True, choices=[('contacts', 'contacts'), ('organisations', 'organisations')], max_length=13),
        ),
        migrations.AlterField(
            model_name='importbatch',
            name='state',
            field=models.CharField(choices=[('uploaded', 'being read'), ('mapping', 'columns to confirm'), ('planning', 'being planned'), ('planned', 'planned, nothing changed yet'), ('queued', 'waiting to be applied'), ('applying', 'being applied'), ('paused', 'paused'), ('applied', 'applied'), ('undoing', 'being undone'), ('undone', 'undone'), ('discarded', 'thrown away'), ('failed', 'could not be read')], default='planned', max_length=9),
        ),
        migrations.AlterField(
            model_name='importrow',
            name='action',
            field=models.CharField(choices=[('new', 'new'), ('changed', 'changed'), ('same', 'same'), ('duplicate', 'possible duplicate'), ('refused', 'refused')], max_length=9),
        ),
        migrations.AlterField(
            model_name='importrow',
            name='batch',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='crm.importbatch'),
        ),
        migrations.AlterField(
            model_name='importrow',
            name='contact',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='import_rows', to='crm.contact'),
        ),
        migrations.AlterField(
            model_name='importrow',
            name='organisation',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='import_rows', to='crm.organisation'),
        ),
        # The row that one repeats is told by its position from now on; 0014 fills that in, 0015 drops this.
        migrations.RenameField(model_name='importrow', old_name='repeats', new_name='repeated_row'),
        migrations.AddField(
            model_name='importrow',
            name='repeats',
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddIndex(
            model_name='contact',
            index=models.Index(condition=models.Q(('external_id', ''), _negated=True), fields=['external_id'], name='contact_external_id'),
        ),
        migrations.AddIndex(
            model_name='importrow',
            index=models.Index(fields=['batch', 'action', 'position'], name='import_row_by_action'),
        ),
        migrations.AddIndex(
            model_name='importrow',
            index=models.Index(condition=models.Q(('repeats__isnull', False)), fields=['batch', 'repeats'], name='import_row_repeats'),
        ),
        migrations.AddIndex(
            model_name='importrow',
            index=models.Index(condition=models.Q(('contact__isnull', False)), fields=['contact'], name='import_row_contact'),
        ),
        migrations.AddIndex(
            model_name='importrow',
            index=models.Index(condition=models.Q(('organisation__isnull', False)), fields=['organisation'], name='import_row_organisation'),
        ),
        migrations.AddField(
            model_name='importfilepart',
            name='batch',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='file_parts', to='crm.importbatch'),
        ),
        migrations.AddField(
            model_name='importlayout',
            name='confirmed_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='importbatch',
            name='layout',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, to='crm.importlayout'),
        ),
        migrations.AddField(
            model_name='provenance',
            name='contact',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='provenance', to='crm.contact', verbose_name='contact'),
        ),
        migrations.AddConstraint(
            model_name='importfilepart',
            constraint=models.UniqueConstraint(fields=('batch', 'position'), name='import_file_part_once'),
        ),
        migrations.AddIndex(
            model_name='provenance',
            index=models.Index(condition=models.Q(('told_at', None)), fields=['tell_by'], name='provenance_to_tell'),
        ),
        migrations.RunPython(index_by_heard, migrations.RunPython.noop),
    ]
