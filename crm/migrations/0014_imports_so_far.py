"""Earlier imports told row by row what was applied; now a mark on the batch does. Namesakes get their key."""

from django.db import migrations
from django.db.models import Count, Max, OuterRef, Q, Subquery

from crm.contacts.names import surname_key

_BATCH = 1000


def mark_what_is_done(apps, schema_editor):
    ImportBatch, ImportRow = apps.get_model("crm", "ImportBatch"), apps.get_model("crm", "ImportRow")
    earlier = ImportRow.objects.filter(pk=OuterRef("repeated_row"))
    repeating = ImportRow.objects.exclude(repeated_row=None)
    repeating.update(repeats=Subquery(earlier.values("position")[:1]))
    for batch in ImportBatch.objects.annotate(
        total=Max("rows__position"), done=Count("rows", filter=~Q(rows__applied_at=None))
    ):
        batch.planned_to, batch.applied_to = batch.total or 0, batch.done
        batch.planned_at = batch.created_at
        batch.save(update_fields=["planned_to", "applied_to", "planned_at"])


def give_keys(apps, schema_editor):
    Contact = apps.get_model("crm", "Contact")
    numbers = list(Contact.objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(numbers), _BATCH):
        people = list(Contact.objects.filter(pk__in=numbers[start : start + _BATCH]))
        for person in people:
            person.surname_key = surname_key(person.infix, person.family_name, person.given_name)[:200]
        Contact.objects.bulk_update(people, ["surname_key"])


class Migration(migrations.Migration):
    dependencies = [("crm", "0013_imports_in_the_background")]

    operations = [
        migrations.RunPython(mark_what_is_done, migrations.RunPython.noop),
        migrations.RunPython(give_keys, migrations.RunPython.noop),
    ]
