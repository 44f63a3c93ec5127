"""Tags: free words, each known once however it is spelled."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from crm.accounts.roles import Role
from crm.contacts.models import Contact
from crm.organisations.models import Organisation
from crm.themes.forms import TagsField
from crm.themes.models import Tag
from crm.themes.services import tags_called
from crm.timeline.models import TimelineEntry
from tests.crm.directory.contacts.test_views import form_data, texts
from tests.factories import make_contact, make_organisation, make_tag, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(make_user(Role.ADMIN))
    return client


@pytest.mark.parametrize("other", ["TALENT", "tálent", "  Talent ", "ＴＡＬＥＮＴ"])
def test_same_word_spelled_differently_is_the_same_tag(other):
    tag = make_tag("Talent")
    assert tags_called([other, "talent"]) == [tag]
    with pytest.raises(IntegrityError), transaction.atomic():
        Tag.objects.create(name=other)


@pytest.mark.parametrize("name", ["", "   ", "\u0301"])
def test_database_refuses_a_tag_without_letters(name):
    with pytest.raises(IntegrityError), transaction.atomic():
        Tag.objects.create(name=name)


def test_database_refuses_a_comma():
    with pytest.raises(IntegrityError), transaction.atomic():
        Tag.objects.create(name="a, b")


def test_field_gives_each_name_once():
    assert TagsField().clean(" Talent,, talent ,Zweden  2026,") == ["talent", "Zweden 2026"]
    assert TagsField().clean("") == []


@pytest.mark.parametrize(
    "text", ["x" * 51, "\u0301", "a\x00b", "ﷺ" * 50, ",".join(f"tag {n}" for n in range(41))]
)
def test_field_refuses_in_words(text):
    with pytest.raises(ValidationError):
        TagsField().clean(text)


@pytest.mark.same_on_both
def test_tags_of_a_contact_are_typed_shown_and_told(staff):
    make_tag("Talent")
    contact = make_contact()
    path = reverse("contact_edit", args=[contact.pk])
    data = form_data(**{"points-0-value": contact.email(), "tags": "talent, <b>Zweden</b>"})
    assert staff.post(path, data)["Location"] == contact.get_absolute_url()
    assert [tag.name for tag in contact.tags.all()] == ["<b>Zweden</b>", "Talent"]
    page = texts(staff.get(contact.get_absolute_url()))
    assert "&lt;b&gt;Zweden&lt;/b&gt;" in page
    diff = TimelineEntry.objects.get(kind="contact.changed").words["diff"]
    assert diff["tags"] == ["", "<b>Zweden</b>, Talent"]
    assert 'value="&lt;b&gt;Zweden&lt;/b&gt;, Talent"' in texts(staff.get(path))


def test_tags_of_an_organisation_are_typed_shown_and_filtered(staff):
    organisation, other = make_organisation("Saxion"), make_organisation("ROC")
    path = reverse("organisation_edit", args=[organisation.pk])
    data = {"name": "Saxion", "country": "NL", "sectors": "education", "tags": "Kennispark"}
    assert staff.post(path, data).status_code == 302
    tag = Tag.objects.get()
    assert list(tag.organisations.all()) == [organisation]
    assert "Kennispark" in texts(staff.get(organisation.get_absolute_url()))
    page = staff.get(reverse("organisation_list"), {"tag": tag.pk}).context["page"]
    assert page.rows == [organisation]
    assert other not in page.rows


def test_suggestions_stand_behind_what_was_typed(staff):
    tags_called(["Talent", "Talstad", "Zweden", "Ontaal"])
    path = reverse("tag_suggestions")
    assert staff.get(path, {"tags": "TÁL"}).context["offers"] == ["Talent", "Talstad"]
    assert staff.get(path, {"tags": "zweden, tal"}).context["offers"] == ["zweden, Talent", "zweden, Talstad"]
    assert staff.get(path, {"tags": "talent, tal"}).context["offers"] == ["talent, Talstad"]
    assert 'value="&quot;' not in texts(staff.get(path, {"tags": '"><script>'}))


def test_settings_rename_a_tag_for_everybody_but_not_to_another(staff):
    talent, other = make_tag("Talent"), make_tag("Other")
    contact = make_contact()
    contact.tags.add(talent)
    path = reverse("admin:crm_tag_change", args=[talent.pk])
    assert b"is there already" in staff.post(path, {"name": "óther"}).content
    assert staff.post(path, {"name": "TALENT"}).status_code == 302
    assert [tag.name for tag in Contact.objects.get().tags.all()] == ["TALENT"]
    assert other in Tag.objects.all()


def test_deleting_an_organisation_is_not_hindered_by_its_tags(staff):
    organisation = make_organisation()
    organisation.tags.add(make_tag())
    staff.post(reverse("organisation_delete", args=[organisation.pk]))
    assert not Organisation.objects.exists()
