"""A session that ends while somebody works: whatever they do next, nothing that they typed is lost."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from crm.accounts.models import User
from crm.accounts.roles import Role
from crm.accounts.tokens import make_token
from crm.contacts.models import Contact
from crm.timeline.models import TimelineEntry
from engagement.interviews.models import Interview
from tests.factories import make_contact, make_user
from tests.harness.forms import fields_of

pytestmark = pytest.mark.django_db
HERE = "http://testserver"


@pytest.fixture
def user() -> User:
    return make_user(Role.ADMIN, language="en")


@pytest.fixture
def ended(client: Client, user: User) -> Client:
    """The browser of `user`, whose session has ended."""
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    client.force_login(user)
    client.get(reverse("today"))
    Session.objects.all().delete()
    return client


def log_in(client: Client, user: User, response: Any) -> Any:
    """Log in where `response` leads to; the page on which that ends."""
    login = client.get(response["Location"])
    assert "You were logged out" in login.content.decode()
    data = {"login": user.email, "password": "a long password", "next": login.context["redirect_field_value"]}
    return client.post(reverse("account_login"), data, follow=True)


def test_form_that_was_sent_is_sent_once_more_after_logging_in(ended, user):
    contact = make_contact()
    address = reverse("interview_new")
    typed = {
        "contacts": [contact.pk],
        "held_at": "2026-01-05T10:00",
        "notes": "Zij wil\n<b>wonen</b> & werken.",
    }
    page = log_in(ended, user, ended.post(address, typed))
    assert page.redirect_chain[-1][0] == reverse("account_resume")
    assert "&lt;b&gt;wonen&lt;/b&gt;" in page.content.decode()
    assert not Interview.objects.exists()
    sent = ended.post(reverse("account_resume"), {**typed, "csrfmiddlewaretoken": "x"})
    assert (sent.status_code, sent["Location"]) == (307, address)
    ended.post(sent["Location"], typed)
    assert Interview.objects.get().writeup.text == typed["notes"]
    assert ended.get(reverse("account_resume")).context["kept"] is None


def as_list(values: Any) -> list[str]:
    return values if isinstance(values, list) else [values]


def test_page_to_resume_holds_every_field_as_it_was(ended, user):
    typed = {"contacts": ["1", "2"], "notes": "Een  twee\ndrie", "once": "a", "place": "“hier”"}
    page = log_in(ended, user, ended.post(reverse("interview_new"), typed))
    held = page.context["fields"]
    assert held == [(name, value) for name, values in typed.items() for value in as_list(values)]
    assert page.context["kept"]["words"] == 6


def test_note_by_htmx_leaves_the_page_and_comes_back(ended, user):
    contact = make_contact()
    headers = {
        "HX-Request": "true",
        "HX-Current-URL": HERE + contact.get_absolute_url() + "?group=mail#timeline",
    }
    answer = ended.post(
        reverse("contact_note", args=[contact.pk]), {"text": "Belt maandag terug."}, headers=headers
    )
    assert (answer.status_code, answer.content) == (401, b"")
    page = log_in(ended, user, {"Location": answer["HX-Redirect"]})
    assert "Belt maandag terug." in page.content.decode()
    left = ended.post(reverse("account_resume") + "?leave=1")
    assert left["Location"] == contact.get_absolute_url() + "?group=mail"
    assert not TimelineEntry.objects.exists()


@pytest.mark.same_on_both
def test_search_while_typing_goes_back_to_its_page(ended, user):
    page = HERE + reverse("contact_list") + "?q=berg"
    answer = ended.get(reverse("contact_list"), headers={"HX-Request": "true", "HX-Current-URL": page})
    assert answer.status_code == 401
    back = log_in(ended, user, {"Location": answer["HX-Redirect"]})
    assert back.redirect_chain[-1][0] == reverse("contact_list") + "?q=berg"


@pytest.mark.parametrize("page", ["https://example.net/contacts/", ""])
def test_page_of_somebody_else_is_not_come_back_to(ended, page):
    headers = {"HX-Request": "true", "HX-Current-URL": page}
    answer = ended.get(reverse("contact_list"), headers=headers)
    assert answer["HX-Redirect"].endswith("?next=/")


def test_button_ends_in_no_bare_405(ended, user):
    contact = make_contact()
    page = log_in(ended, user, ended.post(reverse("contact_told", args=[contact.pk]), {}))
    assert (page.status_code, page.redirect_chain[-1][0]) == (200, reverse("account_resume"))


def test_setting_that_was_sent_is_kept_too(ended, user):
    address = "/settings/crm/theme/add/"
    page = log_in(ended, user, ended.post(address, {"name_nl": "Nieuw thema"}))
    assert ("name_nl", "Nieuw thema") in page.context["fields"]


def test_file_is_to_be_chosen_again(ended, user):
    file = SimpleUploadedFile("lijst.csv", b"Naam")
    here = {"Referer": HERE + reverse("import_new")}
    answer = ended.post(reverse("import_new"), {"file": file}, headers=here)
    page = log_in(ended, user, answer)
    assert page.redirect_chain[-1][0] == reverse("import_new")


def test_somebody_else_who_logs_in_gets_nothing_of_it(ended, user):
    ended.post(reverse("interview_new"), {"notes": "Vertrouwelijk verhaal"})
    other = make_user(Role.ADMIN)
    page = log_in(ended, other, {"Location": reverse("account_login") + "?next=" + reverse("account_resume")})
    assert page.context["kept"] is None
    assert "Vertrouwelijk" not in page.content.decode()
    assert "kept" not in ended.session


def test_words_are_not_shown_before_logging_in(ended):
    response = ended.post(reverse("interview_new"), {"notes": "Vertrouwelijk verhaal"})
    page = ended.get(response["Location"]).content.decode()
    assert "2 words" in page
    assert "Vertrouwelijk" not in page


def test_stranger_is_kept_nothing_of(client):
    client.post(reverse("interview_new"), {"notes": "Twee woorden"})
    assert "kept" not in client.session
    assert "You were logged out" not in client.get(reverse("account_login")).content.decode()


def test_who_logged_out_left_nothing_behind(client, user):
    client.force_login(user)
    client.get(reverse("today"))
    client.post(reverse("account_logout"))
    client.post(reverse("interview_new"), {"notes": "Twee woorden"})
    assert "kept" not in client.session


def test_what_waits_is_forgotten_within_an_hour(ended):
    ended.post(reverse("interview_new"), {"notes": "Twee woorden"})
    assert Session.objects.get().expire_date <= timezone.now() + timedelta(hours=1)


def test_form_of_an_earlier_login_is_kept(user):
    """Logged in again in another tab, which makes the token of this form an old one."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    client.get(reverse("contact_new"))
    typed = {"family_name": "Smit", "csrfmiddlewaretoken": "x" * 64}
    answer = client.post(reverse("contact_new"), typed, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer["Location"] == reverse("account_resume")
    form = fields_of(client.get(reverse("account_resume")))
    assert form["family_name"] == "Smit"
    assert client.post(reverse("account_resume"), form).status_code == 307
    assert not Contact.objects.exists()


@pytest.mark.parametrize("site", ["cross-site", "same-site", ""])
def test_form_of_another_site_is_refused_as_before(user, site):
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    client.get(reverse("today"))
    answer = client.post(reverse("contact_new"), {"family_name": "Smit"}, headers={"Sec-Fetch-Site": site})
    assert answer.status_code == 403
    assert "kept" not in client.session


def test_program_with_a_token_gets_no_cookie(client, user):
    token = make_token(user=user)
    answer = client.get("/api/v1/contacts/", headers={"Authorization": f"Token {token}"})
    assert (answer.status_code, list(answer.cookies)) == (200, [])
