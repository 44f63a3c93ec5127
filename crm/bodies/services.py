"""Writing bodies and seats: a seat is taken, handed over, left vacant or put right."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.base.happenings import Happening, about, retell
from crm.bodies.happenings import LEFT, TAKEN
from crm.bodies.models import Body, Seat, SeatHolder
from crm.contacts.models import Contact
from crm.texts.services import keep_texts


@transaction.atomic
def save_body(*, body: Body) -> Body:
    body.save()
    for term in SeatHolder.objects.filter(seat__body=body).select_related(
        "seat__body", "seat__organisation", "contact"
    ):
        _tell(term, actor=None)
    keep_texts(Body, [body.pk])
    return body


@transaction.atomic
def save_seat(*, seat: Seat, fields: Mapping[str, Any], actor: User) -> Seat:
    """Make this seat, or change it. ValidationError when somebody holds it while it would not be there."""
    kept = _locked(seat) if seat.pk else seat
    for name, value in fields.items():
        setattr(kept, name, value)
    _check_that_terms_fit(kept)
    kept.save()
    for term in kept.holders.select_related("contact"):
        term.seat = kept
        _tell(term, actor=actor)
    return kept


def _check_that_terms_fit(seat: Seat) -> None:
    terms = SeatHolder.objects.filter(seat=seat.pk).select_related("contact")
    if seat.established_on and (term := terms.filter(started_on__lt=seat.established_on).first()):
        message = _("%(name)s held the seat before that day.") % {"name": term.contact}
        raise ValidationError({"established_on": message})
    if seat.abolished_on and (term := terms.holding_from(seat.abolished_on).first()):
        message = _("%(name)s holds the seat on that day. End that term first.") % {"name": term.contact}
        raise ValidationError({"abolished_on": message})


@transaction.atomic
def hand_over(*, seat: Seat, contact: Contact | None, on: date, actor: User) -> SeatHolder | None:
    """Give the seat to `contact` from day `on`; None leaves it vacant from that day.

    The term of whoever holds it then ends the day before. ValidationError in words, by field, when that
    cannot be: the term began on that day or later, or the seat is not there.
    """
    seat = _locked(seat)
    term = seat.holders.holders_on(on).select_related("contact").first()
    if term is None and contact is None:
        raise ValidationError({"on": _("The seat is vacant on that day already.")})
    if term is not None:
        _end(term, contact, on, actor)
    if contact is None:
        return None
    new = SeatHolder(seat=seat, contact=contact, started_on=on)
    return _save_term(new, actor, field="on")


def _end(term: SeatHolder, successor: Contact | None, on: date, actor: User) -> None:
    words = {"name": term.contact}
    if term.contact == successor:
        raise ValidationError({"contact": _("%(name)s holds this seat already.") % words})
    if term.started_on == on:
        message = _("%(name)s began on that day. Choose a later day, or put that term right first.")
        raise ValidationError({"on": message % words})
    term.ended_on = on - timedelta(days=1)
    _save_term(term, actor, field="on")


@transaction.atomic
def change_term(*, term: SeatHolder, started_on: date, ended_on: date | None, actor: User) -> SeatHolder:
    """Put the dates of a term right. ValidationError by field when somebody else held the seat then."""
    seat = _locked(term.seat)
    kept = seat.holders.select_related("contact").get(pk=term.pk)
    kept.seat, kept.started_on, kept.ended_on = seat, started_on, ended_on
    return _save_term(kept, actor)


@transaction.atomic
def remove_term(*, term: SeatHolder) -> None:
    """For a term that never was; one that has ended is kept."""
    _locked(term.seat)
    for kind in (TAKEN, LEFT):
        retell(kind, about(term), [], among=[term.contact_id])
    term.delete()


def _locked(seat: Seat) -> Seat:
    """With its row held until the end of the transaction: the terms of one seat change one by one."""
    Seat.objects.select_for_update().get(pk=seat.pk)
    return Seat.objects.select_related("body", "organisation").get(pk=seat.pk)


def _save_term(term: SeatHolder, actor: User, field: str = "") -> SeatHolder:
    """What is wrong is said of `field`, where the form has no fields of the term."""
    try:
        term.clean()
    except ValidationError as error:
        raise ValidationError({field: error.messages} if field else error.message_dict) from error
    term.save()
    _tell(term, actor=actor)
    return term


def _tell(term: SeatHolder, *, actor: User | None) -> None:
    """Tell of this term anew: its dates or its seat may have changed."""
    seat = term.seat
    words = {
        "role": seat.role,
        "title": seat.body.name_nl,
        "title_en": seat.body.name_en or seat.body.name_nl,
    }
    what: dict[str, Any] = {
        "contacts": [term.contact_id],
        "organisation": seat.organisation_id,
        "words": words,
        "by": actor,
    }
    for kind, day in ((TAKEN, term.started_on), (LEFT, term.ended_on)):
        happened = [Happening(kind, about=about(term), at=_noon(day), **what)] if day else []
        retell(kind, about(term), happened, among=[term.contact_id])


def _noon(day: date) -> datetime:
    """So that it is the same day in every zone nearby."""
    return timezone.make_aware(datetime.combine(day, time(12)))
