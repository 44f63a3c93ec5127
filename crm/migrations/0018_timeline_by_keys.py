"""An entry of the timeline led to a page by its address; now it keeps what it is about, by its key.

What nobody reads goes too: when somebody was invited last.
"""

import re

from django.db import migrations, models
from django.db.models import Value

# The addresses as they were, and what is behind each.
_ADDRESSES = [
    (re.compile(r"/organisations/(\d+)/"), "organisation"),
    (re.compile(r"/import/(\d+)/"), "import"),
    (re.compile(r"/contacts/bulk/(\d+)/"), "bulk"),
    (re.compile(r"/merges/(\d+)/"), "merge"),
    (re.compile(r"/bodies/\d+/#term-(\d+)"), "term"),
    (re.compile(r"/events/(\d+)/"), "event"),
    (re.compile(r"/interviews/(\d+)/"), "interview"),
    (re.compile(r"/mailings/(\d+)/"), "mailing"),
]


def thing_at(link):
    """("event", "12") of "/events/12/", None for an address that leads to nothing known."""
    for pattern, kind in _ADDRESSES:
        if found := pattern.fullmatch(link):
            return kind, found[1]
    return None


def resolve(apps, schema_editor):
    """In one statement per address; says how many entries lead nowhere from now on."""
    entries = apps.get_model("crm", "TimelineEntry").objects.exclude(link="")
    unresolved = 0
    for link in list(entries.order_by().values_list("link", flat=True).distinct()):
        here = entries.filter(link=link)
        if thing := thing_at(link):
            kind, key = thing
            here.update(about_kind=Value(kind), about_key=Value(key))
        else:
            unresolved += here.count()
    if unresolved:
        print(f"\n    {unresolved} entries of the timeline led to an address that is not known.")


class Migration(migrations.Migration):
    dependencies = [("crm", "0017_answers_of_import_rows")]

    operations = [
        migrations.AddField("timelineentry", "about_kind", models.CharField(blank=True, default="", max_length=40)),
        migrations.AddField("timelineentry", "about_key", models.CharField(blank=True, default="", max_length=40)),
        migrations.RunPython(resolve, migrations.RunPython.noop),
        migrations.AlterField("timelineentry", "about_kind", models.CharField(blank=True, max_length=40)),
        migrations.AlterField("timelineentry", "about_key", models.CharField(blank=True, max_length=40)),
        migrations.RemoveField("timelineentry", "link"),
        migrations.RemoveField("contact", "last_invited_at"),
        # Its table goes on as one of engagement.
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel("AttendedKind")]),
    ]
