"""The ledger knew the row of a file by a sentence, in which two files of one name are the same."""

import django.db.models.deletion
from django.db import migrations, models

# "lijst.csv, row 12" in the languages of the interface, as the ledger has it.
_DETAILS = ("{file}, row {place}", "{file}, rij {place}")


def name_the_rows(apps, schema_editor):
    """Find the row by what the sentence says, among the imports that were applied at that very moment.

    Of a file whose rows are forgotten there is nothing to find, and nothing that could be undone.
    """
    ImportBatch, ConsentRecord = apps.get_model("crm", "ImportBatch"), apps.get_model("crm", "ConsentRecord")
    told = ConsentRecord.objects.filter(source="import", import_row=None)
    for batch in ImportBatch.objects.filter(forgotten=False).exclude(started_at=None):
        then = told.filter(recorded_at__gte=batch.started_at)
        if batch.finished_at:
            then = then.filter(recorded_at__lte=batch.finished_at)
        if not then.exists():
            continue
        rows = {}
        for pk, contact, sheet, number in batch.rows.values_list("pk", "contact", "sheet", "number").iterator():
            for detail in _DETAILS:
                place = f"{sheet} {number}".strip()
                rows[contact, detail.format(file=batch.file_name, place=place)[:300]] = pk
        found = [(record, rows.get((record.contact_id, record.source_detail))) for record in then.iterator()]
        for record, row in found:
            record.import_row_id = row
        ConsentRecord.objects.bulk_update([record for record, row in found if row], ["import_row"], 500)


class Migration(migrations.Migration):
    dependencies = [("crm", "0016_one_index_per_contact")]

    operations = [
        migrations.AddField(
            model_name="consentrecord",
            name="import_row",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="crm.importrow",
            ),
        ),
        migrations.RunPython(name_the_rows, migrations.RunPython.noop),
    ]
