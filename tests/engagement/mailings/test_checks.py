"""Who may have no salutation is found by the database; whether they have none is for names.py to say."""

from dataclasses import asdict
from itertools import product

import pytest

from crm.contacts.models import Contact
from crm.contacts.names import PersonName, UnresolvedSalutation, salutation
from engagement.mailings.checks import MAY_LACK_SALUTATION, without_salutation
from engagement.mailings.kinds import MessageKind
from tests.crm.contacts.test_names import SALUTATIONS, UNRESOLVED
from tests.factories import draft_of, put_in

pytestmark = pytest.mark.django_db

FORMS = ["", "heer", "mevrouw", "neutral", "own"]
OWN = ["", " ", "Excellentie"]
PARTS = (
    ["", "Jan"],
    ["", "J."],
    ["", "van den"],
    ["", "Berg"],
    [""],
    [""],
    FORMS,
    OWN,
    ["u", "je"],
    ["nl", "en"],
)
MIXED = [PersonName(*parts) for parts in product(*PARTS)]


def may_be_stored(name: PersonName) -> bool:
    """The database wants some name, and their own words of whoever wants those."""
    some = name.given_name or name.initials or name.family_name
    return bool(some) and (name.form_of_address != "own" or bool(name.own_salutation))


def resolves(person: PersonName | Contact) -> bool:
    try:
        return bool(salutation(person))
    except UnresolvedSalutation:
        return False


def test_database_and_names_agree_on_who_has_no_salutation(news: MessageKind) -> None:
    names = [*(name for name, _dutch, _english in SALUTATIONS), *UNRESOLVED, *MIXED]
    known = [name for name in names if may_be_stored(name)]
    Contact.objects.bulk_create(Contact(**asdict(name)) for name in known)
    mailing = draft_of(news)
    put_in(mailing, *Contact.objects.all())
    expected = {person.pk for person in Contact.objects.all() if not resolves(person)}
    assert 0 < len(expected) < len(known)
    assert {person.pk for person in without_salutation(mailing)} == expected


def test_whoever_has_a_full_name_is_not_even_read(news: MessageKind) -> None:
    Contact.objects.create(given_name="Jan", family_name="Berg")
    Contact.objects.create(initials="J.", family_name="Berg", formality="je")
    Contact.objects.create(family_name="Berg", form_of_address="mevrouw")
    assert not Contact.objects.filter(MAY_LACK_SALUTATION).exists()


def test_whoever_is_skipped_needs_no_salutation(news: MessageKind) -> None:
    nameless = Contact.objects.create(family_name="Berg")
    mailing = draft_of(news)
    put_in(mailing, nameless)
    assert without_salutation(mailing) == [nameless]
    mailing.recipients.update(included=False)
    assert without_salutation(mailing) == []
