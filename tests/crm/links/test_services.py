"""Tokens: bound to person and purpose, unforgeable, not to be had from the database."""

import base64
import string
from contextlib import suppress
from datetime import timedelta

import pytest
from django.utils import timezone

from crm.links.models import Link
from crm.links.services import (
    LinkError,
    LinkExpired,
    Wanted,
    _known,
    link_for,
    links_for,
    open_link,
    token_of,
)
from crm.preferences.links import PREFERENCES, UNSUBSCRIBE
from engagement.events.links import ANSWER
from tests.factories import make_contact

pytestmark = pytest.mark.django_db


def test_token_opens_its_link():
    link = link_for(contact=make_contact(), purpose=ANSWER, subject="7")
    assert open_link(token_of(link), ANSWER) == link
    assert len(token_of(link)) == 43


def test_token_of_another_purpose_opens_nothing():
    link = link_for(contact=make_contact(), purpose=PREFERENCES)
    with pytest.raises(LinkError):
        open_link(token_of(link), UNSUBSCRIBE)


def test_token_relabelled_in_the_database_opens_nothing():
    link = link_for(contact=make_contact(), purpose=PREFERENCES)
    token = token_of(link)
    Link.objects.filter(pk=link.pk).update(purpose=ANSWER)
    with pytest.raises(LinkError):
        open_link(token, ANSWER)


@pytest.mark.parametrize(
    "change", [lambda t: "", lambda t: t[:-1], lambda t: t + "A", lambda t: "é" * 43, lambda t: t.swapcase()]
)
def test_changed_token_opens_nothing(change):
    token = token_of(link_for(contact=make_contact(), purpose=ANSWER, subject="7"))
    with pytest.raises(LinkError):
        open_link(change(token), ANSWER)


def test_every_changed_character_is_noticed():
    token = token_of(link_for(contact=make_contact(), purpose=ANSWER, subject="7"))
    letters = string.ascii_letters + string.digits + "-_"
    for place in range(42):
        forged = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
        with pytest.raises(LinkError):
            open_link(forged, ANSWER)
    opened = []
    for last in letters:  # some of them stand for the same bytes
        with suppress(LinkError):
            open_link(token[:-1] + last, ANSWER)
            opened.append(last)
    assert opened == [token[-1]]


def test_expired_token_says_so():
    now = timezone.now()
    link = link_for(contact=make_contact(), purpose=ANSWER, expires_at=now - timedelta(seconds=1))
    with pytest.raises(LinkExpired):
        open_link(token_of(link), ANSWER)


def test_old_key_still_opens_as_long_as_it_is_a_fallback(settings):
    link = link_for(contact=make_contact(), purpose=PREFERENCES)
    token, old = token_of(link), settings.SECRET_KEY
    settings.SECRET_KEY = "another key " * 5
    with pytest.raises(LinkError):
        open_link(token, PREFERENCES)
    settings.SECRET_KEY_FALLBACKS = [old]
    assert open_link(token, PREFERENCES) == link


def test_link_is_made_once_per_person_purpose_and_subject():
    contact = make_contact()
    first = link_for(contact=contact, purpose=UNSUBSCRIBE, subject="reminder")
    assert link_for(contact=contact, purpose=UNSUBSCRIBE, subject="reminder") == first
    assert link_for(contact=contact, purpose=UNSUBSCRIBE, subject="newsletter") != first


def test_token_has_128_secret_bits_and_cannot_be_made_from_the_database(settings):
    link = link_for(contact=make_contact(), purpose=UNSUBSCRIBE, subject="newsletter")
    raw = base64.urlsafe_b64decode(token_of(link) + "=")
    assert (len(raw), raw[:16]) == (32, link.id.bytes)
    stored = " ".join(str(value) for value in Link.objects.values().get().values())
    assert raw[16:].hex() not in stored
    settings.SECRET_KEY = "what a thief of the database does not have"
    assert base64.urlsafe_b64decode(token_of(link) + "=")[16:] != raw[16:]


def test_links_of_earlier_events_are_not_read_again():
    contact = make_contact()
    wanted = [Wanted(contact.pk, ANSWER, str(number)) for number in range(50)]
    links_for(wanted)
    assert set(_known(wanted[7:9])) == {one.key for one in wanted[7:9]}
