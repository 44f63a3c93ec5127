from django.db import migrations


def number(apps, schema_editor):
    """The place of a part among those beside it becomes its place in the whole tree."""
    below = {}
    for item in apps.get_model("engagement", "StrategyItem").objects.order_by("position", "pk"):
        below.setdefault(item.parent_id, []).append(item)
    waiting, place = below.get(None, [])[::-1], 0
    while waiting:
        item, place = waiting.pop(), place + 1
        type(item).objects.filter(pk=item.pk).update(position=place)
        waiting += below.get(item.pk, [])[::-1]


class Migration(migrations.Migration):
    dependencies = [("engagement", "0030_feedback")]

    operations = [
        migrations.AlterModelOptions(
            name="strategyitem",
            options={
                "ordering": ["position", "pk"],
                "verbose_name": "part of the strategy",
                "verbose_name_plural": "strategy",
            },
        ),
        migrations.RunPython(number, migrations.RunPython.noop),
    ]
