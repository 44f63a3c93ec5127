"""An address that must never be mailed stays so, whoever is deleted and whatever is imported afterwards."""

from io import StringIO

import pytest
from django.core.management import call_command

from crm.contacts.models import Contact, ContactPoint
from crm.contacts.services import delete_contact
from crm.preferences.models import Suppression
from crm.preferences.services import suppress
from engagement.mailings.models import Message
from engagement.mailings.services import MailingNotReady, send
from tests.factories import draft_invitation, make_contact, make_event

pytestmark = pytest.mark.django_db


def test_suppression_outlives_the_person_and_an_import(tmp_path):
    contact = make_contact(email="jan@example.org")
    suppress(address="jan@example.org", reason="asked by letter")
    delete_contact(contact=contact)
    assert not ContactPoint.objects.exists()
    (tmp_path / "list.csv").write_text("Voornaam;Achternaam;E-mail\nJan;Berg;Jan@Example.org\n")
    call_command("import_spreadsheet", str(tmp_path / "list.csv"), "--apply", stdout=StringIO())
    assert Contact.objects.get().email() == "jan@example.org"
    mailing = draft_invitation(make_event())
    assert mailing.recipients.get().reason == "suppressed"
    with pytest.raises(MailingNotReady):
        send(mailing=mailing)
    assert not Message.objects.exists()


def test_suppression_is_a_hash_that_another_key_does_not_make(settings):
    suppress(address="jan@example.org", reason="asked")
    (digest,) = Suppression.objects.values_list("digest", flat=True)
    assert len(digest) == 64
    Suppression.objects.all().delete()
    settings.SUPPRESSION_KEY = "another key"
    assert suppress(address="jan@example.org", reason="asked").digest != digest
