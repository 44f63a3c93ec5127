"""What an import says on a timeline, in the language of the reader."""

import pytest
from django.utils import translation

from crm.imports.background import apply_now
from crm.imports.services import store
from crm.timeline.models import TimelineEntry
from tests.crm.imports.plans import make_plan

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("themes")]


@pytest.mark.same_on_both
def test_timeline_says_which_fields_which_row_changed() -> None:
    for job in ("docent", "lector"):
        text = f"Naam;Organisatie;Functie;E-mail\nJan Bos;Saxion;{job};jan@example.org\n"
        apply_now(batch=store(plan=make_plan(text.encode(), "lijst.csv")))
    with translation.override("en"):
        said = [str(entry) for entry in TimelineEntry.objects.order_by("pk")]
    assert said == ["Added from lijst.csv, row 2", "Changed by lijst.csv, row 2: job title"]
