"""What happened before counts as told, the domain of each address, and a trigger that refuses any wrong step."""

from django.db import migrations
from django.db.models import F

STEPS = {
    "queued": ["claimed", "missed", "stopped", "skipped"],
    "deferred": ["claimed", "missed", "stopped", "skipped"],
    "claimed": ["queued", "handing_over", "skipped", "deferred", "refused"],
    "handing_over": ["sent", "deferred", "refused", "uncertain"],
    "uncertain": ["queued", "sent", "bounced"],
    "sent": ["bounced"],
    "skipped": ["queued", "deferred"],  # undoing a merge of two people
}
_ALLOWED = ", ".join(f"'{old}>{new}'" for old, following in STEPS.items() for new in following)
_WRONG = f"old.state <> new.state AND (old.state || '>' || new.state) NOT IN ({_ALLOWED})"
_SQLITE = (
    f"CREATE TRIGGER engagement_message_steps BEFORE UPDATE OF state ON engagement_message WHEN {_WRONG} "
    "BEGIN SELECT RAISE(ABORT, 'a message does not go from this state to that one'); END"
)
_POSTGRESQL = [
    "CREATE FUNCTION engagement_message_step() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "RAISE EXCEPTION 'a message does not go from % to %', old.state, new.state USING ERRCODE = 'check_violation'; "
    "END $$",
    "CREATE TRIGGER engagement_message_steps BEFORE UPDATE OF state ON engagement_message FOR EACH ROW "
    f"WHEN ({_WRONG}) EXECUTE FUNCTION engagement_message_step()",
]


def fill(apps, schema_editor):
    messages = apps.get_model("engagement", "Message").objects
    messages.filter(state="sent").update(noted_at=F("sent_at"))
    for pk, address in messages.values_list("pk", "address").iterator():
        messages.filter(pk=pk).update(domain=address.rpartition("@")[2].lower())


def guard(apps, schema_editor):
    for statement in [_SQLITE] if schema_editor.connection.vendor == "sqlite" else _POSTGRESQL:
        schema_editor.execute(statement, params=None)


def unguard(apps, schema_editor):
    where = "" if schema_editor.connection.vendor == "sqlite" else " ON engagement_message"
    schema_editor.execute(f"DROP TRIGGER engagement_message_steps{where}")
    if where:
        schema_editor.execute("DROP FUNCTION engagement_message_step()")


class Migration(migrations.Migration):
    dependencies = [("engagement", "0003_delivery")]
    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
        migrations.RunPython(guard, unguard),
    ]
