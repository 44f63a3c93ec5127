"""Putting back what a change replaced: an old value, a part that was removed, or the lack of one."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.base.tracking import keep, save_if_changed
from crm.contacts.models import Contact, ContactPoint
from crm.contacts.services import changing_contact
from crm.history.changes import told_of
from crm.organisations.models import Organisation
from crm.organisations.services import changing_organisation


class NothingToRestore(ValueError):
    """There is no such change of this contact or organisation."""


@transaction.atomic
def restore(*, subject: Contact | Organisation, change: str, actor: User) -> None:
    """Undo the one change that `change` names (Change.key), whatever came after it.

    NothingToRestore for a change of something else; ValidationError in words when the old value cannot
    stand beside what is there now.
    """
    model, line, name = _found(subject, change)
    with _changing(subject, actor) as kept:
        row = kept if model is type(subject) else model.objects.filter(pk=line.id).first()
        try:
            with transaction.atomic():
                _put_back(model, row, line, name, actor)
        except IntegrityError:
            raise ValidationError(_("That cannot stand beside what is there now.")) from None


def _found(subject: Contact | Organisation, change: str) -> tuple[Any, Any, str]:
    """(model, line of history, field), checked to be about `subject`."""
    model_name, _dash, rest = change.partition("-")
    key, _dash, name = rest.partition("-")
    told = {one._meta.model_name: (one, owner) for one, owner in told_of(type(subject))}
    if model_name not in told or not key.isdecimal() or len(key) > 18:
        raise NothingToRestore
    model, owner = told[model_name]
    line = model.history.filter(history_id=key, **{owner: subject.pk}).first()
    tracked = {field.name for field in model.history.model.tracked_fields}
    of_a_field = name in tracked if name else model is not type(subject)
    if line is None or not of_a_field:
        raise NothingToRestore
    return model, line, name


def _changing(subject: Contact | Organisation, actor: User) -> Any:
    if isinstance(subject, Contact):
        return changing_contact(contact=subject, actor=actor)
    return changing_organisation(organisation=subject, actor=actor)


def _put_back(model: Any, row: Any, line: Any, name: str, actor: User) -> None:
    if name:
        earlier = model.history.filter(id=line.id, history_id__lt=line.history_id)
        before = earlier.order_by("-history_id").first()
        if row is None or before is None:
            raise ValidationError(_("What this was about is not there any more."))
        _put_value(row, name, before)
    elif line.history_type == "-" and row is None:
        _put_row(model, line, actor)
    elif line.history_type != "-" and row is not None:
        _take_row(model, row, actor)


def _put_value(row: Any, name: str, before: Any) -> None:
    column = row._meta.get_field(name).attname
    if isinstance(row, ContactPoint) and name == "preferred" and before.preferred:
        for other in _others(row).filter(preferred=True):
            save_if_changed(other, preferred=False)
    setattr(row, column, getattr(before, column))
    row.full_clean(validate_unique=False, validate_constraints=False)
    row.save()


def _put_row(model: Any, line: Any, actor: User) -> None:
    row = model(**{field.attname: getattr(line, field.attname) for field in line.tracked_fields})
    if isinstance(row, ContactPoint) and _others(row).filter(preferred=True).exists():
        row.preferred = False
    row.save(force_insert=True)
    _keep_link(model, row, "+", actor)


def _take_row(model: Any, row: Any, actor: User) -> None:
    _keep_link(model, row, "-", actor)
    row.delete()


def _keep_link(model: Any, row: models.Model, kind: Any, actor: User) -> None:
    """Rows between the two sides of a many-to-many are saved without a signal that history listens to."""
    if model._meta.auto_created:
        keep(model, [row.pk], kind, by=actor)


def _others(point: ContactPoint) -> models.QuerySet[ContactPoint]:
    return ContactPoint.objects.filter(contact=point.contact_id, kind=point.kind).exclude(pk=point.pk)
