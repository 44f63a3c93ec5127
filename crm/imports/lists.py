"""What lists of contacts can be filtered by of imports: where people came from."""

import django_filters
from django import forms
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.contacts.listing import ListFilter, Said, register_filter
from crm.contacts.models import ContactQuerySet, Origin
from crm.imports.models import ImportBatch


def _sources() -> list[tuple[str, Promise | str]]:
    """Where people came from: each origin, and each spreadsheet that brought somebody."""
    batches = ImportBatch.objects.filter(new_contacts__isnull=False).distinct()
    files = [
        (f"import-{batch.pk}", f"{batch.file_name} ({date_format(batch.created_at, 'SHORT_DATE_FORMAT')})")
        for batch in batches
    ]
    return [*((origin.value, origin.label) for origin in Origin), *files]


def _by_source(people: ContactQuerySet, name: str, sources: list[str]) -> ContactQuerySet:
    if not sources:
        return people
    batches = [one.removeprefix("import-") for one in sources if one.startswith("import-")]
    return people.filter(Q(origin__in=sources) | Q(import_batch__in=batches))


def _said(chosen: list[str]) -> Said:
    words = dict(_sources())
    return [(one, str(words[one])) for one in chosen]


register_filter(
    ListFilter(
        "source",
        django_filters.MultipleChoiceFilter(
            method=_by_source,
            label=_("Came from"),
            choices=_sources,
            widget=forms.CheckboxSelectMultiple,
        ),
        chip=_("Came from"),
        say=_said,
        place=60,
        ticked=True,
    )
)
