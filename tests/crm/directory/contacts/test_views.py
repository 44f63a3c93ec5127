"""The pages of contacts."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from crm.accounts.roles import Role
from crm.contacts.models import Contact, ContactPoint
from crm.preferences.services import record_consent, suppress
from tests.factories import happened, make_contact, make_organisation, make_theme, make_user

pytestmark = pytest.mark.django_db
LIST = "/contacts/"


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(make_user(Role.CORE_TEAM))
    return client


def texts(response: Any) -> str:
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def form_data(**changes: Any) -> dict[str, Any]:
    """A new contact as the browser sends it."""
    return {
        "given_name": "Jan",
        "infix": "v.d.",
        "family_name": "Berg",
        "form_of_address": "heer",
        "formality": "u",
        "language": "nl",
        "points-TOTAL_FORMS": "2",
        "points-INITIAL_FORMS": "0",
        "points-0-kind": "email",
        "points-0-value": " Jan@Example.ORG",
        "points-0-preferred": "on",
        "points-1-kind": "phone",
        "points-1-value": "053 555 01 42",
        "affiliations-TOTAL_FORMS": "1",
        "affiliations-INITIAL_FORMS": "0",
        "affiliations-0-organisation": "Universiteit Twente",
        "affiliations-0-job_title": "decaan",
        **changes,
    }


def test_list_shows_the_sort_word_in_bold_and_what_is_allowed(staff):
    contact = make_contact(organisation=make_organisation("Saxion", "education", "research"))
    record_consent(contact=contact, purpose="newsletter", allowed=False, source="form")
    page = texts(staff.get(LIST))
    assert "Jan van den <b>Berg</b>" in page
    assert "director, Saxion" in page
    assert 'class="permission no"' in page
    assert page.count('class="permission open"') == 2


def test_list_says_why_somebody_cannot_be_reached(staff):
    bounced, silent = make_contact(), make_contact()
    make_contact(email=None)
    bounced.contact_points.update(state=ContactPoint.State.BOUNCED)
    suppress(address=silent.email(), reason="asked")
    page = texts(staff.get(LIST))
    for reason in ("address does not exist any more", "asked never to be mailed", "no e-mail address"):
        assert reason in page


def test_list_takes_a_fixed_number_of_queries(staff, django_assert_max_num_queries):
    def add(number: int) -> None:
        for _ in range(number):
            contact = make_contact(organisation=make_organisation("", "education", "research"))
            contact.themes.add(theme)
            record_consent(contact=contact, purpose="newsletter", allowed=True, source="form")

    theme = make_theme()
    add(2)
    with django_assert_max_num_queries(30) as few:
        staff.get(LIST, {"q": "berg"})
    add(10)
    with django_assert_max_num_queries(len(few.captured_queries)):
        staff.get(LIST, {"q": "berg"})


def test_list_pages_by_key_set_both_ways(staff):
    for number in range(120):
        make_contact(family_name=f"B{number:03}", email=None)
    first = staff.get(LIST).context["page"]
    assert (first.first, first.last, first.total, first.previous) == (1, 50, 120, None)
    second = staff.get(LIST, {"after": first.next}).context["page"]
    third = staff.get(LIST, {"after": second.next}).context["page"]
    assert (third.first, third.last, third.next) == (101, 120, None)
    back = staff.get(LIST, {"before": third.previous}).context["page"]
    assert [row.pk for row in back.rows] == [row.pk for row in second.rows]


@pytest.mark.same_on_both
@pytest.mark.parametrize("after", ["0", "x", "-1", "9" * 40, "999999"])
def test_unknown_place_in_the_list_gives_the_first_page(staff, after):
    contact = make_contact()
    assert staff.get(LIST, {"after": after}).context["page"].rows == [contact]


def test_bad_filter_is_said_beside_it_and_breaks_nothing(staff):
    make_contact()
    response = staff.get(LIST + "?sector=x&not_heard_since=soon&theme=no&may_receive=?&q=%00")
    page = texts(response)
    assert page.count("errorlist") == 5
    assert response.context["found"] == 1


def test_chips_take_away_one_filter_each(staff):
    theme = make_theme()
    response = staff.get(
        LIST, {"q": "jan", "theme": theme.slug, "sector": ["education", "research"], "after": 3}
    )
    assert [(chip.key, chip.query) for chip in response.context["chips"]] == [
        ("O", f"q=jan&theme={theme.slug}&sector=research"),
        ("O", f"q=jan&theme={theme.slug}&sector=education"),
        ("Theme", "q=jan&sector=education&sector=research"),
    ]


def test_switch_counts_what_the_other_filters_leave(staff):
    make_contact(organisation=make_organisation("Saxion", "education", "research"))
    make_contact(organisation=make_organisation("Lumen", "entrepreneurs"))
    switch = staff.get(LIST, {"sector": "education"}).context["switch"]
    assert [(item["sector"], item["count"], item["current"]) for item in switch] == [
        ("", 2, False),
        ("education", 1, True),
        ("research", 1, False),
        ("entrepreneurs", 1, False),
        ("government", 0, False),
    ]


def test_contact_page_shows_salutations_and_timeline(staff):
    contact = make_contact(organisation=make_organisation("Universiteit Twente"))
    happened("contact.created", contact, words={"by": "<b>Ilse</b>"})
    page = texts(staff.get(contact.get_absolute_url()))
    for words in ("Geachte heer Van den Berg", "Beste Jan", "Dear Mr Van den Berg"):
        assert words in page
    assert "Added by &lt;b&gt;Ilse&lt;/b&gt;" in page


def test_contact_page_says_what_does_not_resolve(staff):
    contact = make_contact(given_name="", initials="", form_of_address="")
    assert "does not resolve" in texts(staff.get(contact.get_absolute_url()))


@pytest.mark.same_on_both
@pytest.mark.parametrize(
    ("group", "kinds"), [("change", ["contact.created"]), ("mail", []), ("nonsense", ["contact.created"])]
)
def test_timeline_shows_one_group(staff, group, kinds):
    contact = make_contact()
    happened("contact.created", contact, words={"by": "Ilse"})
    timeline = staff.get(contact.get_absolute_url(), {"group": group, "length": "x"}).context["timeline"]
    assert [entry.kind for entry in timeline.entries] == kinds


@pytest.mark.same_on_both
def test_timeline_goes_further_back_when_asked(staff):
    contact = make_contact()
    for _ in range(40):
        happened("contact.created", contact, words={"by": "Ilse"})
    page = staff.get(contact.get_absolute_url()).context["timeline"]
    assert (len(page.entries), page.more) == (30, 60)
    assert len(staff.get(contact.get_absolute_url(), {"length": "60"}).context["timeline"].entries) == 40


def test_contact_page_takes_a_fixed_number_of_queries(staff, django_assert_max_num_queries):
    contact = make_contact(organisation=make_organisation())
    with django_assert_max_num_queries(18):
        staff.get(contact.get_absolute_url())


def test_new_contact_is_saved_and_normalised(staff):
    response = staff.post(reverse("contact_new"), form_data())
    contact = Contact.objects.get()
    assert response["Location"] == contact.get_absolute_url()
    assert contact.infix == "van der"
    assert set(contact.contact_points.values_list("value", flat=True)) == {"jan@example.org", "+31535550142"}
    assert str(contact.affiliations.get()) == "decaan, Universiteit Twente"


def test_edit_shows_and_keeps_what_is_there(staff):
    contact = make_contact(organisation=make_organisation("Saxion"))
    row, page = contact.affiliations.get(), staff.get(reverse("contact_edit", args=[contact.pk]))
    assert 'value="Saxion"' in texts(page)
    changes = {
        "affiliations-TOTAL_FORMS": "2",
        "affiliations-INITIAL_FORMS": "1",
        "affiliations-0-pk": row.pk,
        "affiliations-0-organisation": "Saxion",
        "affiliations-0-job_title": "lector",
    }
    staff.post(reverse("contact_edit", args=[contact.pk]), form_data(**changes))
    row.refresh_from_db()
    assert (row.job_title, contact.affiliations.count()) == ("lector", 1)


def test_rows_without_a_value_are_ignored_and_a_cleared_one_goes(staff):
    contact = make_contact(email="old@example.org")
    changes = {
        "points-TOTAL_FORMS": "3",
        "points-INITIAL_FORMS": "1",
        "points-0-value": "",
        "points-2-kind": "mobile",
        "points-2-value": "",
    }
    response = staff.post(reverse("contact_edit", args=[contact.pk]), form_data(**changes))
    assert response.status_code == 302
    assert list(contact.contact_points.values_list("kind", flat=True)) == ["phone"]


def test_row_ticked_for_removal_goes(staff):
    contact = make_contact(email="old@example.org")
    changes = {"points-INITIAL_FORMS": "1", "points-0-value": "old@example.org", "points-0-DELETE": "on"}
    staff.post(reverse("contact_edit", args=[contact.pk]), form_data(**changes))
    assert list(contact.contact_points.values_list("kind", flat=True)) == ["phone"]


@pytest.mark.same_on_both
@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"given_name": "", "family_name": " "}, "Fill in at least a family name"),
        ({"form_of_address": "own"}, "Write the salutation"),
        ({"form_of_address": "lord"}, "Select a valid choice"),
        ({"family_name": "x" * 200}, "at most 150 characters"),
        ({"family_name": "a\x00b"}, "Null characters"),
        ({"points-0-value": "jan@"}, "is not an e-mail address"),
        ({"points-1-value": "call me"}, "is not a telephone number"),
        ({"points-1-kind": "email", "points-1-value": "jan@example.org"}, "stands here twice"),
        (
            {"points-1-kind": "email", "points-1-value": "b@example.org", "points-1-preferred": "on"},
            "Only one of a kind",
        ),
        (
            {"affiliations-0-started_on": "2026-02-01", "affiliations-0-ended_on": "2026-01-01"},
            "before the start",
        ),
        ({"affiliations-0-started_on": "yesterday"}, "Enter a valid date"),
        ({"affiliations-0-organisation": ""}, "This field is required"),
        (
            {"affiliations-TOTAL_FORMS": "2", "affiliations-1-organisation": "universiteit  twente"},
            "twice without an end",
        ),
        ({"themes": "999999"}, "is not one of the available choices"),
        ({"points-TOTAL_FORMS": "many"}, "ManagementForm data is missing"),
    ],
)
def test_error_is_said_and_what_was_typed_is_kept(staff, changes, message):
    page = texts(staff.post(reverse("contact_new"), form_data(titles_after="MSc-typed", **changes)))
    assert message in page
    assert "MSc-typed" in page
    assert Contact.objects.count() == 0


@pytest.mark.same_on_both
def test_name_with_markup_is_shown_as_text(staff):
    contact = make_contact(family_name="<script>alert(1)</script>")
    for address in (LIST, contact.get_absolute_url(), reverse("contact_edit", args=[contact.pk])):
        assert "<script>alert" not in texts(staff.get(address))


@pytest.mark.same_on_both
@pytest.mark.parametrize("name", ["contact_new", "contact_edit"])
def test_reader_may_look_but_not_change(client, name):
    client.force_login(make_user(Role.READER))
    contact = make_contact()
    assert client.get(contact.get_absolute_url()).status_code == 200
    address = reverse(name, args=[contact.pk] if name == "contact_edit" else [])
    assert address not in texts(client.get(contact.get_absolute_url()))
    assert client.get(address).status_code == 403
    assert client.post(address, form_data()).status_code == 403
    assert Contact.objects.count() == 1


def test_unknown_contact_is_not_found(staff):
    for pk in (10**9, 10**30):
        assert staff.get(reverse("contact_detail", args=[pk])).status_code == 404
