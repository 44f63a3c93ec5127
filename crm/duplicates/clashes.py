"""What happens when both sides of a merge have a row of which there can be only one.

By default the kept side's row stays, its empty fields are filled from the other, what points at the other
moves over, and the other is removed. A noun that knows better says so where it declares the part.
"""

from typing import Any

from django.db.models import Model, UniqueConstraint

from crm.base.parts import Journal


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
