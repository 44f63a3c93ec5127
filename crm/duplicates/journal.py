"""What a merge did, step by step, in a form in which it can be kept and taken back.

A step is a dictionary: {"do": "move", "model", "field", "keys", "old", "new"} for rows that point elsewhere
now; {"do": "change", "model", "key", "values": {column: [old, new]}}; {"do": "remove", "model", "values"}
with the whole row; {"do": "add", "model", "key"}.
"""

from datetime import date, time
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import IntegrityError, transaction
from django.db.models import Model

from crm.accounts.models import User
from crm.base.said import Said
from crm.base.tracking import keep
from crm.duplicates.said import CANNOT_STAND, CHANGED, ONE_REMOVED, REMOVED_OR_MOVED

Step = dict[str, Any]


class Journal:
    """Changes rows past their `save()`, since nothing but the merge may happen, and notes how."""

    def __init__(self, *, by: User, reason: Said) -> None:
        self.steps: list[Step] = []
        self._by, self._reason = by, reason

    def move(self, model: Any, field: str, keys: list[Any], new: int, old: int) -> None:
        """Let the relation `field` of these rows point at `new`."""
        if keys:
            model._base_manager.filter(pk__in=keys).update(**{f"{field}_id": new})
            self._tell(model, keys, "~")
            self._note("move", model, field=field, keys=keys, old=old, new=new)

    def change(self, row: Model, **columns: Any) -> None:
        """Set these columns ("contact_id", not "contact") where they differ."""
        values = {
            name: [getattr(row, name), new] for name, new in columns.items() if getattr(row, name) != new
        }
        if values:
            model: Any = type(row)
            now = {name: new for name, (_old, new) in values.items()}
            model._base_manager.filter(pk=row.pk).update(**now)
            for name, new in now.items():
                setattr(row, name, new)
            self._tell(model, [row.pk], "~")
            self._note("change", model, key=row.pk, values=values)

    def remove(self, row: Model) -> None:
        """Delete this row alone; what points at it has to be moved before."""
        model: Any = type(row)
        values = {field.attname: getattr(row, field.attname) for field in model._meta.concrete_fields}
        self._tell(model, [row.pk], "-")
        rows = model._base_manager.filter(pk=row.pk)
        rows._raw_delete(rows.db)
        self._note("remove", model, values=values)

    def add(self, row: Model) -> None:
        row.save()
        self._note("add", type(row), key=row.pk)

    def _note(self, do: str, model: type[Model], **what: Any) -> None:
        self.steps.append({"do": do, "model": model._meta.label_lower, **_plain(what)})

    def _tell(self, model: Any, keys: list[Any], kind: Any) -> None:
        if hasattr(model, "history"):
            keep(model, keys, kind, by=self._by, reason=self._reason)

    def take_back(self, step: Step) -> list[Said]:
        """Undo one step as far as nobody changed it since; what stays as it is."""
        model: Any = apps.get_model(step["model"])
        undo = {"move": self._move_back, "change": self._change_back, "remove": self._put_back}
        return undo.get(step["do"], self._take_away)(model, step)

    def _move_back(self, model: Any, step: Step) -> list[Said]:
        there = model._base_manager.filter(pk__in=step["keys"], **{f"{step['field']}_id": step["new"]})
        keys = list(there.values_list("pk", flat=True))
        self.move(model, step["field"], keys, step["old"], step["new"])
        gone = len(step["keys"]) - len(keys)
        return [REMOVED_OR_MOVED(number=gone, model=step["model"])] if gone else []

    def _change_back(self, model: Any, step: Step) -> list[Said]:
        row = model._base_manager.filter(pk=step["key"]).first()
        if row is None:
            return [ONE_REMOVED(model=step["model"])]
        said, back = [], {}
        for name, (old, new) in step["values"].items():
            field = model._meta.get_field(name)
            now = getattr(row, name)
            if now == field.to_python(new):
                back[name] = field.to_python(old)
            elif now != field.to_python(old):
                said.append(CHANGED(model=step["model"], field=name, now=str(now)))
        self.change(row, **back)
        return said

    def _put_back(self, model: Any, step: Step) -> list[Said]:
        fields = {field.attname: field for field in model._meta.concrete_fields}
        row = model(**{name: fields[name].to_python(value) for name, value in step["values"].items()})
        try:
            with transaction.atomic():
                row.save_base(raw=True, force_insert=True)
        except IntegrityError:
            return [CANNOT_STAND(model=step["model"], values=step["values"])]
        self._tell(model, [row.pk], "+")
        return []

    def _take_away(self, model: Any, step: Step) -> list[Said]:
        for row in model._base_manager.filter(pk=step["key"]):
            self.remove(row)
        return []


def _plain(value: Any) -> Any:
    """`value` for JSON; moments to the microsecond, which Django's own encoder cuts off."""
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value
