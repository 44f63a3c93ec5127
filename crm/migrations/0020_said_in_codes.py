"""What is said of imports, merges and duplicates is kept as codes; it stood in the language of who was there.

Old sentences become the code `text` with the sentence as its parameter. What a row of an import changes of
addresses, numbers and organisations becomes lists, where it was joined for showing.
"""

import json

from django.db import migrations, models

_BATCH = 1000
_JOINED = ("email", "mobile", "phone")
_REASONS = {
    "another record links them": "linked",
    "given and family name the other way round": "swapped_names",
    "initials that agree": "agreeing_initials",
    "different initials": "different_initials",
    "different family names": "different_family",
    "the same rare family name": "same_rare_family",
    "the same family name": "same_family",
    "nearly the same family name": "near_family",
    "different given names": "different_given",
    "the same given name": "same_given",
    "nearly the same given name": "near_given",
    "the same e-mail address": "same_email",
    "nearly the same e-mail address": "near_email",
    "different e-mail addresses": "different_email",
    "the same telephone number": "same_phone",
    "the same address": "same_address",
    "nearly the same address": "near_address",
    "the same town": "same_town",
    "different addresses": "different_address",
    "the same organisation": "same_organisation",
    "nearly the same organisation": "near_organisation",
}
_HISTORIES = (
    *("affiliation", "contact", "contact_tags", "contact_themes", "contactpoint", "organisation"),
    *("organisation_tags", "organisationalias", "organisationsector"),
)


def said(*sentences):
    return [["text", {"text": one}] for one in sentences if one]


def texts_to_json(apps, schema_editor):
    """In the columns of text, which become JSON next.

    Each row is written once: PostgreSQL alters no table of which it has rows to check.
    """
    for name, fields in {"ImportBatch": ["problem"], "ImportRow": ["reason", "kept"]}.items():
        rows = apps.get_model("crm", name).objects.all()
        silent = dict.fromkeys(fields, "")
        keys = _keys(rows.exclude(**silent))
        rows.filter(**silent).update(**dict.fromkeys(fields, "[]"))
        _in_batches(rows, keys, fields, lambda text: json.dumps(said(text)))


def lists_to_codes(apps, schema_editor):
    for name, field in {"ImportBatch": "remarks", "Merge": "left"}.items():
        rows = apps.get_model("crm", name).objects.exclude(**{field: []})
        _in_batches(rows, _keys(rows), [field], lambda sentences: said(*sentences))
    pairs = apps.get_model("crm", "DuplicatePair").objects.exclude(reasons=[])
    codes = lambda reasons: [_REASONS.get(one, one) for one in reasons]  # noqa: E731
    _in_batches(pairs, _keys(pairs), ["reasons"], codes)


def split_changes(apps, schema_editor):
    rows = apps.get_model("crm", "ImportRow").objects.exclude(changes={})
    _in_batches(rows, _keys(rows), ["changes"], split)


def split(changes):
    """With lists where names or addresses were joined."""
    found = dict(changes)
    for field in _JOINED:
        if field in found:
            found[field] = [_parts(text) for text in found[field]]
    if "organisation" in found:
        old, new = found["organisation"]
        found["organisation"] = [_parts(old), new]
    return found


def _parts(text):
    return text.split(", ") if text else []


def _keys(rows):
    return list(rows.order_by().values_list("pk", flat=True))


def _in_batches(rows, keys, fields, changed):
    """Let each of `fields` be what `changed` makes of it."""
    for start in range(0, len(keys), _BATCH):
        batch = list(rows.model.objects.filter(pk__in=keys[start : start + _BATCH]).only("pk", *fields))
        for row in batch:
            for field in fields:
                setattr(row, field, changed(getattr(row, field)))
        rows.model.objects.bulk_update(batch, fields, batch_size=500)


class Migration(migrations.Migration):
    dependencies = [("crm", "0019_purposes_of_links")]

    operations = [
        migrations.RunPython(texts_to_json, migrations.RunPython.noop),
        migrations.AlterField("importbatch", "problem", models.JSONField(blank=True, default=list)),
        migrations.AlterField("importrow", "reason", models.JSONField(blank=True, default=list)),
        migrations.AlterField("importrow", "kept", models.JSONField(blank=True, default=list)),
        migrations.RunPython(lists_to_codes, migrations.RunPython.noop),
        migrations.RunPython(split_changes, migrations.RunPython.noop),
        *(
            migrations.AlterField(f"historical{name}", "history_change_reason", models.TextField(null=True))
            for name in _HISTORIES
        ),
    ]
