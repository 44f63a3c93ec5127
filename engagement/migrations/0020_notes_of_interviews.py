from typing import Any

from django.db import migrations

from engagement.statements.texts import stored


def _title(affiliation: Any) -> dict[str, Any]:
    if affiliation is None:
        return {}
    sector = affiliation.sector
    if not sector:
        first = affiliation.organisation.sectors.order_by("-primary", "pk").first()
        sector = first.sector if first else ""
    return {
        "job_title": affiliation.job_title,
        "organisation_id": affiliation.organisation_id,
        "sector": sector,
    }


def notes_to_writeups(apps: Any, schema_editor: Any) -> None:
    """Each interview gets its notes as a text of its own, and its people as those who spoke."""
    Interview = apps.get_model("engagement", "Interview")
    Writeup = apps.get_model("engagement", "Writeup")
    Speaker = apps.get_model("engagement", "Speaker")
    for interview in Interview.objects.filter(writeup=None).iterator(500):
        approved = interview.updated_at if interview.state == "approved" else None
        interview.writeup = Writeup.objects.create(text=stored(interview.notes), approved_at=approved)
        interview.writeup.trusted.add(interview.interviewer_id)
        interview.save(update_fields=["writeup"])
        for contact in interview.contacts.all():
            theirs = contact.affiliations.filter(ended_on=None).order_by("-started_on", "pk")
            there = theirs.filter(organisation=interview.organisation_id).first() or theirs.first()
            Speaker.objects.create(writeup=interview.writeup, contact=contact, **_title(there))


def notes_back(apps: Any, schema_editor: Any) -> None:
    for interview in apps.get_model("engagement", "Interview").objects.exclude(writeup=None):
        interview.notes = interview.writeup.text
        interview.save(update_fields=["notes"])


class Migration(migrations.Migration):
    dependencies = [("engagement", "0019_statements")]

    operations = [migrations.RunPython(notes_to_writeups, notes_back)]
