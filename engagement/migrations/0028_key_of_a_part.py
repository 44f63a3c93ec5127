import uuid

from django.db import migrations, models


def give_keys(apps, schema_editor):
    """Each part a key of its own; its history gets the same."""
    items = apps.get_model("engagement", "StrategyItem")
    history = apps.get_model("engagement", "HistoricalStrategyItem")
    for item in items.objects.all():
        key = uuid.uuid4()
        items.objects.filter(pk=item.pk).update(uuid=key)
        history.objects.filter(id=item.pk).update(uuid=key)
    history.objects.filter(uuid=None).update(uuid=uuid.uuid4())


class Migration(migrations.Migration):
    dependencies = [("engagement", "0027_history_of_decisions")]

    operations = [
        migrations.AddField(
            model_name="strategyitem",
            name="uuid",
            field=models.UUIDField(null=True, editable=False, verbose_name="Kwartet key"),
        ),
        migrations.AddField(
            model_name="historicalstrategyitem",
            name="uuid",
            field=models.UUIDField(null=True, editable=False, verbose_name="Kwartet key"),
        ),
        migrations.RunPython(give_keys, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="strategyitem",
            name="uuid",
            field=models.UUIDField(
                default=uuid.uuid4, editable=False, unique=True, verbose_name="Kwartet key"
            ),
        ),
        migrations.AlterField(
            model_name="historicalstrategyitem",
            name="uuid",
            field=models.UUIDField(
                db_index=True, default=uuid.uuid4, editable=False, verbose_name="Kwartet key"
            ),
        ),
    ]
