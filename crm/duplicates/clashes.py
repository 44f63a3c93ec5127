"""What happens when both sides of a merge have a row of which there can be only one.

By default the kept side's row stays, its empty fields are filled from the other, what points at the other
moves over, and the other is removed. A noun that knows better registers how.
"""

from collections.abc import Callable
from typing import Any

from django.db.models import Model, UniqueConstraint

from crm.contacts.models import ContactPoint
from crm.contacts.search_documents import SearchDocument
from crm.duplicates.journal import Journal
from crm.links.models import Link
from crm.organisations.models import OrganisationSector
from crm.preferences.models import Preference

# (journal, the row that is there, the row that comes, {column: key of the kept side})
Resolver = Callable[[Journal, Any, Any, dict[str, int]], None]
RESOLVERS: dict[type[Model], Resolver] = {}
# Called with (journal, kept) once everything has moved.
AFTERWARDS: list[Callable[[Journal, Any], None]] = []
# Made anew from the rest, after a merge and after undoing one.
DERIVED: set[type[Model]] = {SearchDocument}


def on_clash(model: type[Model]) -> Callable[[Resolver], Resolver]:
    def register(resolver: Resolver) -> Resolver:
        RESOLVERS[model] = resolver
        return resolver

    return register


def clashing(row: Any, field: str, kept: Model) -> Any:
    """The row that makes it impossible to let `field` of `row` point at `kept`, None when there is none."""
    model = type(row)
    for names, condition in _unique(model, field):
        wanted = {name: getattr(row, name) for name in names} | {field: kept}
        others = model._base_manager.filter(**wanted)
        concerned = model._base_manager.filter(pk=row.pk)
        if condition is not None:
            others, concerned = others.filter(condition), concerned.filter(condition)
        if concerned.exists() and (other := others.exclude(pk=row.pk).first()):
            return other
    return None


def may_clash(model: type[Model], field: str) -> bool:
    return bool(_unique(model, field))


def _unique(model: type[Model], field: str) -> list[tuple[tuple[str, ...], Any]]:
    """(fields, condition) of everything unique that `field` takes part in."""
    found: list[tuple[tuple[str, ...], Any]] = [
        (tuple(constraint.fields), constraint.condition)
        for constraint in model._meta.constraints
        if isinstance(constraint, UniqueConstraint) and field in constraint.fields
    ]
    found += [(tuple(names), None) for names in model._meta.unique_together if field in names]
    return found + ([((field,), None)] if model._meta.get_field(field).unique else [])  # type: ignore[union-attr]


def fill_gaps(journal: Journal, there: Any, coming: Any) -> None:
    """Take over what `there` does not know."""
    empty = ("", None)
    names = [field.attname for field in there._meta.concrete_fields if not field.primary_key]
    journal.change(
        there,
        **{
            name: getattr(coming, name)
            for name in names
            if getattr(there, name) in empty and getattr(coming, name) not in empty
        },
    )


@on_clash(ContactPoint)
def _point(journal: Journal, there: ContactPoint, coming: ContactPoint, kept: dict[str, int]) -> None:
    if (there.kind, there.value) != (coming.kind, coming.value):
        journal.change(coming, preferred=False, **kept)
        return
    if there.state == ContactPoint.State.OK:  # it bounces for the one as well as for the other
        journal.change(there, state=coming.state)
    journal.remove(coming)


@on_clash(OrganisationSector)
def _sector(
    journal: Journal, there: OrganisationSector, coming: OrganisationSector, kept: dict[str, int]
) -> None:
    if there.sector == coming.sector:
        journal.remove(coming)
    else:
        journal.change(coming, primary=False, **kept)


@on_clash(Preference)
def _preference(journal: Journal, there: Preference, coming: Preference, kept: dict[str, int]) -> None:
    """A "no" to either is a "no"; the ledger keeps all that was said."""
    if there.allowed and not coming.allowed:
        journal.change(there, allowed=False, legal_basis=coming.legal_basis, since=coming.since)
    journal.remove(coming)


@on_clash(Link)
def _link(journal: Journal, there: Link, coming: Link, kept: dict[str, int]) -> None:
    """Both tokens stay good: they are in mails that went out."""
    journal.change(coming, superseded=True, **kept)
