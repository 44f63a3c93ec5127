"""Mailings in Chromium, and the pages that mails to speakers lead to; nothing for axe to find."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from crm.contacts.models import Contact
from crm.directory.segments.models import Segment
from crm.links.services import link_for, token_of
from engagement.approvals.links import APPROVAL
from engagement.events.models import Participation
from engagement.events.services import answer, invite
from engagement.evidence.services import link
from engagement.feedback.links import FEEDBACK
from engagement.feedback.models import Follow
from engagement.interviews.models import Interview
from engagement.mailings.kinds import MessageKind
from engagement.mailings.models import Mailing
from engagement.mailings.services import send
from engagement.statements.models import Response
from engagement.strategy.models import StrategyItem
from tests.browser.test_main_job import checked
from tests.factories import (
    bring_to,
    draft_invitation,
    draft_of,
    make_contact,
    make_event,
    make_interview,
    make_organisation,
    make_participation,
    make_statement,
    make_term,
    make_user,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True, scope="module")
def database_beside_a_loop() -> Iterator[None]:
    """Playwright has a loop in this thread, which is no reason not to ask the database."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        yield


@pytest.fixture
def site(live_server: Any) -> Any:
    """Kwartet in this process, so that it knows the kinds of the test."""
    return live_server


@pytest.fixture(params=[(1280, "light"), (390, "dark")], ids=["desk", "phone"])
def page(site: Any, open_page: Callable[..., Page], request: pytest.FixtureRequest) -> Page:
    page, user = open_page(*request.param), make_user()
    page.goto(site.url)
    page.locator("[name=login]").fill(user.email)
    page.locator("[name=password]").fill("a long password")
    page.locator("main button[type=submit]").click()
    expect(page.get_by_role("heading", level=1, name="Today")).to_be_visible()
    return page


def test_audience_is_counted_while_it_is_put_together(site: Any, page: Page, news: MessageKind) -> None:
    lab = make_organisation("Lab", "research")
    people = [make_contact(family_name=name, infix="", organisation=lab) for name in ("Amrani", "Nijland")]
    Segment.objects.create(name="Labs", filter={"sector": ["research"]}, owner=make_user(), shared=True)
    guest = make_participation(event=make_event(), contact=make_contact(family_name="Guest"))
    body = make_term(contact=people[1]).seat.body
    mailing = draft_of(news)
    page.goto(site.url + mailing.get_absolute_url())
    checked(page)
    page.get_by_role("link", name="Who gets it").click()
    wanted = page.get_by_role("region", name="Who gets it")
    wanted.get_by_label("Labs").check()
    expect(page.locator("#count")).to_contain_text("2 people would get it")
    wanted.get_by_label("Participants of").select_option(index=1)
    wanted.get_by_role("button", name="Show the answers").click()
    wanted.get_by_label("no answer yet (1)").check()
    expect(page.locator("#count")).to_contain_text("3 people would get it")
    page.get_by_role("region", name="But not").get_by_label(body.name_en).check()
    expect(page.locator("#count")).to_contain_text("2 people would get it")
    checked(page)
    page.get_by_role("button", name="Save the audience").click()
    expect(page.get_by_text("selection “Labs”")).to_be_visible()
    included = mailing.recipients.filter(included=True).values_list("contact", flat=True)
    assert set(included) == {people[0].pk, guest.contact_id}


def test_what_was_ticked_before_the_script_came_is_counted(site: Any, page: Page, news: MessageKind) -> None:
    make_contact(organisation=make_organisation("Lab", "research"))
    Segment.objects.create(name="Labs", filter={"sector": ["research"]}, owner=make_user(), shared=True)
    held: list[Route] = []
    page.route("**/htmx*.js", lambda route: held.append(route))
    page.goto(f"{site.url}/mailings/{draft_of(news).pk}/audience/", wait_until="commit")
    page.get_by_role("region", name="Who gets it").get_by_label("Labs").check()
    expect(page.locator("#count")).to_contain_text("0 people would get it")
    held[0].continue_()
    expect(page.locator("#count")).to_contain_text("1 person would get it")


def test_somebody_is_found_and_picked_by_hand(site: Any, page: Page, news: MessageKind) -> None:
    person = make_contact(family_name="Amrani", organisation=make_organisation("Lab"))
    mailing = draft_of(news)
    page.goto(f"{site.url}/mailings/{mailing.pk}/audience/")
    wanted = page.get_by_role("region", name="Who gets it")
    wanted.get_by_label("Find a person").fill("amrani")
    wanted.get_by_label("Find a person").press("Enter")
    wanted.get_by_label("Amrani (Lab)").check()
    checked(page)
    # What is picked stands there before it is saved, too.
    with page.expect_navigation():
        page.get_by_role("button", name="Save the audience").click()
    expect(page.get_by_text("picked by hand")).to_be_visible()
    assert mailing.recipients.get().contact == person


def test_planned_left_out_and_looked_back_on(site: Any, page: Page, news: MessageKind, settings: Any) -> None:
    settings.MAIL_OFTEN = 1
    person, other = make_contact(family_name="Amrani"), make_contact(family_name="Nijland")
    send(mailing=draft_of(news, person))
    bring_to("sent", Mailing.objects.get().messages.all())
    mailing = draft_of(news, person, other, title="Spring")
    page.goto(site.url + mailing.get_absolute_url())
    expect(page.get_by_role("heading", name="Had much mail from us lately")).to_be_visible()
    checked(page)
    page.get_by_role("button", name="Leave these people out").click()
    expect(page.get_by_role("status")).to_contain_text("1 person is left out.")
    moment = timezone.localtime(timezone.now() + timedelta(days=1))
    page.get_by_text("Send later").click()
    page.get_by_label("Send on").fill(moment.strftime("%Y-%m-%dT%H:%M"))
    page.get_by_role("button", name="Plan").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Planned")
    checked(page)
    page.goto(f"{site.url}/mailings/?state=scheduled")
    expect(page.get_by_role("link", name="Spring")).to_be_visible()
    checked(page)


def test_results_of_an_invitation(site: Any, page: Page) -> None:
    make_contact(organisation=make_organisation("Lab", "research"))
    mailing = draft_invitation(make_event())
    invite(mailing=mailing)
    bring_to("sent", mailing.messages.all())
    answer(participation=Participation.objects.get(), status="accepted")
    page.goto(site.url + mailing.get_absolute_url())
    expect(page.get_by_role("heading", level=1)).to_have_text("Sent")
    expect(page.locator("#results")).to_contain_text("answered “yes”")
    checked(page)


def test_speaker_answers_on_a_phone_and_follows_what_became_of_it(
    site: Any, open_page: Callable[..., Page]
) -> None:
    firm = make_organisation("Stroomkern", "entrepreneurs")
    contact = make_contact(
        given_name="Gijs", family_name="Leferink", infix="", organisation=firm, language="en"
    )
    by = make_user()
    interview = make_interview(contact, notes="De hal is te klein. Er is geen stroom.", by=by)
    one = make_statement("De hal is te klein.", interview=interview)
    make_statement("Er is geen stroom.", interview=interview)
    part = StrategyItem.objects.create(kind="pillar", code="1", title_nl="Plek", title_en="Place")
    link(statements=[one.pk], item=part, outcome="adopted", reason_en="Ten said so.", by=by)
    page = open_page(390)
    page.goto(site.url + path_for(contact, APPROVAL, interview))
    checked(page)
    first, second = page.locator("fieldset.own").all()
    expect(first.get_by_label("In own words")).to_be_hidden()
    first.get_by_text("I say it differently").click()
    first.get_by_label("In own words").fill("De hallen zijn te klein.")
    second.get_by_text("This is right").click()
    second.get_by_text("Change").click()
    second.locator("label", has_text="an entrepreneur").click()
    checked(page)
    page.get_by_role("button", name="Send my answers").click()
    expect(page.get_by_text("Thank you, we have your answers.")).to_be_visible()
    expect(page.get_by_text("Others read: an entrepreneur").first).to_be_visible()
    said = [(answer.kind, answer.words, answer.visibility) for answer in Response.objects.all()]
    assert said == [
        ("corrected", "De hallen zijn te klein.", "named"),
        ("approved", "Er is geen stroom.", "sector"),
    ]
    page.goto(site.url + path_for(contact, FEEDBACK, interview))
    checked(page)
    page.get_by_role("checkbox").first.check()
    page.get_by_role("button", name="Save what I follow").click()
    expect(page.get_by_text("You hear when something changes")).to_be_visible()
    assert [follow.statement for follow in Follow.objects.all()] == [one]


def path_for(contact: Contact, purpose: str, interview: Interview) -> str:
    opens = link_for(contact=contact, purpose=purpose, subject=str(interview.writeup_id))
    return reverse(purpose, args=[token_of(opens)])
