"""What was there before the history began is its first line, so that the next change has something to differ from."""

from django.db import migrations
from django.utils import timezone

TRACKED = {
    "Organisation": "HistoricalOrganisation",
    "OrganisationSector": "HistoricalOrganisationSector",
    "OrganisationAlias": "HistoricalOrganisationAlias",
    "Contact": "HistoricalContact",
    "Contact_themes": "HistoricalContact_themes",
    "ContactPoint": "HistoricalContactPoint",
    "Affiliation": "HistoricalAffiliation",
}


def begin(apps, schema_editor):
    for name, history_name in TRACKED.items():
        history = apps.get_model("crm", history_name)
        source = "crm_contact_themes" if name == "Contact_themes" else apps.get_model("crm", name)._meta.db_table
        columns = ", ".join(
            schema_editor.quote_name(field.column)
            for field in history._meta.fields
            if not field.name.startswith("history_")
        )
        schema_editor.execute(
            f"INSERT INTO {history._meta.db_table} ({columns}, history_date, history_type) "
            f"SELECT {columns}, %s, '+' FROM {source} ORDER BY id",
            [timezone.now()],
        )


class Migration(migrations.Migration):
    dependencies = [("crm", "0005_history")]
    operations = [migrations.RunPython(begin, migrations.RunPython.noop, elidable=True)]
