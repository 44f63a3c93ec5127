"""The pages on which statements are taken, changed and read, and what a device sends."""

import json
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from crm.accounts.roles import Role
from engagement.codes.models import Code
from engagement.events.models import Event
from engagement.statements import life
from engagement.statements.life import Step
from engagement.statements.models import Speaker, Statement, Writeup
from engagement.statements.services import split_statement
from tests.engagement.statements.test_pasting import document
from tests.factories import (
    make_contact,
    make_event,
    make_evidence,
    make_interview,
    make_item,
    make_organisation,
    make_statement,
    make_theme,
    make_user,
)

pytestmark = pytest.mark.django_db
NOTES = "Begon in een kelder. De hal is te klein.\nWil eigenlijk blijven."


@pytest.fixture
def user():
    return make_user(Role.CORE_TEAM)


@pytest.fixture
def member(client: Client, user) -> Client:
    client.force_login(user)
    return client


@pytest.fixture
def writeup(user) -> Writeup:
    return make_interview(make_contact(), notes=NOTES, by=user).writeup


def sent(writeup: Writeup, passage: str = "De hal is te klein.", **changes):
    start = NOTES.index(passage)
    known = {"uuid": str(uuid4()), "version": 0, "revision": 0, "start": start, "end": start + len(passage)}
    return {**known, "wording": "", "speaker": None, "codes": [], "new_codes": "", **changes}


def sync(member: Client, writeup: Writeup, *items):
    path = reverse("capture_sync", args=[writeup.pk])
    return member.post(path, json.dumps({"statements": items}), content_type="application/json")


@pytest.mark.same_on_both
def test_statement_is_taken_with_sentence_numbers_where_there_is_no_javascript(member, writeup):
    path = reverse("capture", args=[writeup.pk])
    page = member.get(path)
    assert '<sup class="sentence-number">2</sup>De hal is te klein.' in page.content.decode()
    typed = {"uuid": uuid4(), "revision": 0, "first": 2, "last": 3, "new_codes": "Ruimte", "stance": "wish"}
    typed["speaker"] = writeup.speakers.get().pk
    assert member.post(path, typed)["Location"] == path
    member.post(path, typed)
    statement = Statement.objects.get()
    assert (statement.passage, statement.stance) == ("De hal is te klein.\nWil eigenlijk blijven.", "wish")
    assert "<mark>De hal is te klein.</mark>" in member.get(path).content.decode()


@pytest.mark.same_on_both
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"first": ""}, "first"),
        ({"first": 9}, "first"),
        ({"last": 1}, "last"),
        ({"new_codes": "!!"}, "new_codes"),
    ],
)
def test_wrong_numbers_are_explained_and_what_was_typed_stays(member, writeup, changes, field):
    typed = {"uuid": uuid4(), "revision": 0, "first": 2, "wording": "Meer ruimte.", **changes}
    page = member.post(reverse("capture", args=[writeup.pk]), typed)
    assert list(page.context["form"].errors) == [field]
    assert "Meer ruimte." in page.content.decode()


def test_device_sends_statements_once_changes_and_removes_them(member, writeup):
    item = sent(writeup, new_codes="Ruimte,Stroom", stance="concern")
    for _ in range(2):
        answer = sync(member, writeup, item).json()
    assert [one["version"] for one in answer["statements"]] == [1]
    assert {one["name"]: one["recent"] for one in answer["codes"]} == {"Stroom": 1, "Ruimte": 2}
    changed = {**item, "version": 1, "wording": "Meer ruimte."}
    assert sync(member, writeup, changed).json()["results"][0]["statement"]["version"] == 2
    gone = {"uuid": item["uuid"], "version": 2, "removed": True}
    assert sync(member, writeup, gone, gone).json()["statements"] == []


def test_device_is_told_what_is_wrong_and_what_somebody_else_did(member, writeup):
    item = sent(writeup)
    sync(member, writeup, item)
    other = Speaker.objects.create(writeup=make_interview(make_contact()).writeup, label="x")
    bad = [sent(writeup, speaker=other.pk), sent(writeup, uuid="x"), sent(writeup, end=0), {}]
    late = {**item, "version": 7, "stance": "wish"}
    never = {**sent(writeup), "version": 3}
    results = sync(member, writeup, *bad, late, never).json()["results"]
    assert [list(one) for one in results[:4]] == [["uuid", "errors"]] * 4
    assert results[4]["conflict"]["version"] == 1
    assert results[5] == {"uuid": never["uuid"], "conflict": None, "gone": True}
    assert Statement.objects.count() == 1


@pytest.mark.same_on_both
@pytest.mark.parametrize("body", ["", "[]", '{"statements": 3}', '{"statements": ["x"]}', "\xff"])
def test_device_that_sends_something_else_is_refused(member, writeup, body):
    path = reverse("capture_sync", args=[writeup.pk])
    assert member.post(path, body, content_type="application/json").status_code == 400


def test_changing_the_text_asks_about_words_that_changed(member, writeup):
    sync(member, writeup, sent(writeup))
    path = reverse("capture_text", args=[writeup.pk])
    new = NOTES.replace("te klein", "veel te klein")
    response = member.post(path, {"text": new.replace("\n", "\r\n"), "revision": 0})
    assert response["Location"] == reverse("capture", args=[writeup.pk]) + "#doubts"
    page = member.get(reverse("capture", args=[writeup.pk])).content.decode()
    assert "<dd>De hal is veel te klein.</dd>" in page
    statement = Statement.objects.get()
    member.post(reverse("statement_doubt", args=[statement.pk]), {"words": "new"})
    statement.refresh_from_db()
    assert (statement.passage, statement.anchor) == ("De hal is veel te klein.", "in place")


def test_second_who_changes_the_text_sees_both_and_can_save_his(member, writeup):
    path = reverse("capture_text", args=[writeup.pk])
    member.post(path, {"text": "Een ander verhaal.", "revision": 0})
    page = member.post(path, {"text": "Mijn verhaal.", "revision": 0})
    assert page.status_code == 409
    assert all(text in page.content.decode() for text in ("Een ander verhaal.", "Mijn verhaal."))
    member.post(path, {"text": "Mijn verhaal.", "revision": page.context["form"]["revision"].value()})
    writeup.refresh_from_db()
    assert writeup.text == "Mijn verhaal."


@pytest.mark.same_on_both
def test_confidential_notes_are_for_who_held_the_conversation(client, user):
    interview = make_interview(make_contact(), notes=NOTES, by=user, confidential=True)
    statement = make_statement(interview=interview)
    pages = ["capture", "capture_text", "capture_speaker"]
    paths = [reverse(name, args=[interview.writeup_id]) for name in pages]
    paths += [reverse("interview_edit", args=[interview.pk]), reverse("statement_edit", args=[statement.pk])]
    client.force_login(make_user(Role.ADMIN))
    assert [client.get(path).status_code for path in paths] == [403] * 5
    assert "kelder" not in client.get(interview.get_absolute_url()).content.decode()
    client.force_login(user)
    assert [client.get(path).status_code for path in paths] == [200] * 5


@pytest.mark.same_on_both
@pytest.mark.parametrize(
    ("role", "confidential", "shown"),
    [
        (Role.READER, False, False),
        (Role.READER, True, False),
        (Role.CORE_TEAM, False, True),
        (Role.CORE_TEAM, True, False),
    ],
)
def test_who_said_it_is_shown_to_whom_it_may(client, role, confidential, shown):
    person = make_contact(family_name="Zonderling", organisation=make_organisation("Zaak", "research"))
    statement = make_statement(
        interview=make_interview(person, notes="De hal is te klein.", confidential=confidential)
    )
    client.force_login(make_user(role))
    for path in (reverse("statement_list"), statement.get_absolute_url()):
        page = client.get(path).content.decode()
        assert "De hal is te klein." in page
        assert ("Zonderling" in page) == ("Zaak" in page) == shown


def test_what_is_for_the_core_team_only_is_not_there_for_a_reader(client):
    statement = make_statement(visibility="team")
    client.force_login(make_user(Role.READER))
    assert client.get(statement.get_absolute_url()).status_code == 404
    assert "De hal" not in client.get(reverse("statement_list")).content.decode()


def test_list_is_narrowed_by_theme_code_o_kind_and_words(member):
    theme = make_theme()
    person = make_contact(organisation=make_organisation("Zaak", "research"))
    interview = make_interview(person, notes=NOTES)
    hall = make_statement(interview=interview, codes=["Hal"], stance="wish")
    make_statement("Wil eigenlijk blijven.")
    above = Code.objects.create(name="Ruimte", theme=theme)
    code = Code.objects.get(name="Hal")
    code.parent = above
    code.save()
    for query in (
        {"theme": theme.slug},
        {"code": above.pk},
        {"sector": "research"},
        {"stance": "wish"},
        {"q": "KLEIN hal"},
    ):
        rows = member.get(reverse("statement_list"), query).context["rows"]
        assert [one for one, _by, _remarks in rows] == [hall], query


def test_statement_is_changed_split_linked_and_removed(member, writeup):
    sync(member, writeup, sent(writeup, "Begon in een kelder. De hal is te klein."))
    statement, other = Statement.objects.get(), make_statement("Wil eigenlijk blijven.")
    edit = reverse("statement_edit", args=[statement.pk])
    member.post(edit, {"wording": "Krap.", "version": 1, "visibility": "sector", "new_codes": "Ruimte"})
    statement.refresh_from_db()
    assert (statement.wording, statement.visibility, statement.version) == ("Krap.", "sector", 2)
    assert member.post(edit, {"wording": "Anders.", "version": 1}).status_code == 200
    member.post(reverse("statement_split", args=[statement.pk]), {"at": "De hal"})
    assert Statement.objects.get(split_from=statement).passage == "De hal is te klein."
    member.post(reverse("statement_alike", args=[statement.pk]), {"with": other.pk})
    assert list(other.alike.all()) == [statement]
    member.post(reverse("statement_alike", args=[statement.pk]), {"without": other.pk})
    assert not other.alike.exists()
    remove = reverse("statement_remove", args=[statement.pk])
    member.post(remove)
    member.post(remove, {"confirmed": "yes"})
    assert not Statement.objects.filter(pk=statement.pk).exists()


def test_session_is_written_up_from_its_own_page_with_a_table_that_nobody_knows(member):
    event = make_event(in_days=-1)
    assert reverse("event_writeup", args=[event.pk]) in member.get(event.get_absolute_url()).content.decode()
    for _ in range(2):
        path = member.post(reverse("event_writeup", args=[event.pk]))["Location"]
    writeup = Event.objects.get().writeup
    member.post(reverse("capture_text", args=[writeup.pk]), {"text": NOTES, "revision": 0})
    speaking = reverse("capture_speaker", args=[writeup.pk])
    assert member.post(speaking, {"label": " "}).context["form"].errors
    member.post(speaking, {"label": "Tafel 3", "sector": "education"})
    person = make_contact(family_name="Assink", infix="", organisation=make_organisation("Zaak", "research"))
    page = member.post(speaking, {"search": "1", "find": "assink"})
    assert f'value="{person.pk}"' in page.content.decode()
    member.post(speaking, {"contact": person.pk})
    assert [(str(one), one.sector) for one in writeup.speakers.all()] == [
        ("Tafel 3", "education"),
        (str(person), "research"),
    ]
    page = member.get(path).content.decode()
    assert "Tafel 3" in page
    assert event.title() in page


@pytest.mark.same_on_both
def test_text_of_whoever_spoke_is_escaped_everywhere(member):
    evil = "<script>alert(1)</script>"
    interview = make_interview(make_contact(), notes=f"Zegt {evil} en gaat.")
    statement = make_statement(f"Zegt {evil} en gaat.", interview=interview, codes=["<b>code"])
    paths = [reverse("capture", args=[interview.writeup_id]), interview.get_absolute_url()]
    for path in (*paths, statement.get_absolute_url(), reverse("statement_list"), reverse("code_list")):
        assert evil not in member.get(path).content.decode()


def test_codes_are_made_changed_merged_and_brought_back(member):
    theme = make_theme()
    for name in ("Wonen", "Huis"):
        member.post(reverse("code_new"), {"name": name, "theme": theme.pk})
    page = member.post(reverse("code_new"), {"name": "wonen"})
    assert list(page.context["form"].errors) == ["name"]
    gone, kept = Code.objects.get(name="Huis"), Code.objects.get(name="Wonen")
    assert member.post(reverse("code_merge", args=[gone.pk]), {"into": ""})["Location"] == gone_page(gone)
    member.post(reverse("code_merge", args=[gone.pk]), {"into": kept.pk})
    page = member.get(reverse("code_list"))
    assert [str(branch.code) for branch, _count in page.context["rows"]] == ["Wonen"]
    member.post(reverse("code_unmerge", args=[page.context["merges"][0].pk]))
    assert Code.objects.in_use().count() == 2
    member.post(reverse("code_delete", args=[gone.pk]))
    assert list(Code.objects.in_use()) == [kept]


def gone_page(code: Code) -> str:
    return reverse("code_edit", args=[code.pk])


def test_frame_without_a_line_holds_nothing_of_anybody(client):
    page = client.get(reverse("capture_offline")).content.decode()
    assert "capture-box" in page
    assert "csrf" not in page
    worker = client.get(reverse("capture_worker"))
    assert worker["Content-Type"] == "text/javascript"


def test_word_document_comes_behind_what_was_typed_and_nothing_is_saved(member, writeup):
    path = reverse("capture_text", args=[writeup.pk])
    file = document("<w:p><w:r><w:t>De hal.</w:t></w:r></w:p>").getvalue()
    typed = {"read": "1", "text": "Vooraf.", "revision": 0, "document": SimpleUploadedFile("x.docx", file)}
    page = member.post(path, typed)
    assert page.context["form"]["text"].value() == "Vooraf.\n\nDe hal."
    page = member.post(path, {**typed, "document": SimpleUploadedFile("x.docx", b"x")})
    assert list(page.context["document"].errors) == ["document"]
    assert page.context["form"]["text"].value() == "Vooraf."
    writeup.refresh_from_db()
    assert writeup.text == NOTES


def test_clipboard_is_cleaned_and_not_kept(member):
    response = member.post(reverse("capture_paste"), {"html": "<p>een<script>x</script></p><p>twee</p>"})
    assert response.content.decode() == "een\n\ntwee"
    assert response["Content-Type"] == "text/plain; charset=utf-8"


def test_reader_reads_our_words_and_not_what_they_stand_for(client):
    statement = make_statement("De hal is te klein.", wording="Meer ruimte.")
    for role, literally in ((Role.READER, False), (Role.CORE_TEAM, True)):
        client.force_login(make_user(role))
        page = client.get(statement.get_absolute_url()).content.decode()
        assert "Meer ruimte." in page
        assert ("De hal is te klein." in page) == literally
    client.force_login(make_user(Role.READER))
    assert client.get(reverse("search"), {"q": "klein"}).context["found"] == 0
    assert client.get(reverse("statement_list"), {"q": "klein"}).context["rows"] == []
    assert len(client.get(reverse("statement_list"), {"q": "ruimte"}).context["rows"]) == 1


def test_reader_does_not_see_what_one_was_split_from(client):
    statement = make_statement("Geheim is dit. De hal is te klein.")
    second = split_statement(statement=statement, at=15, by=make_user())
    Statement.objects.filter(pk=statement.pk).update(visibility="team")
    client.force_login(make_user(Role.READER))
    page = client.get(second.get_absolute_url()).content.decode()
    assert "De hal is te klein." in page
    assert "Geheim" not in page


def test_page_tells_what_became_of_a_statement_and_who_sees_what(member):
    saxion = make_organisation("Saxion", "education")
    person = make_contact(family_name="Zonderling", organisation=saxion)
    interview = make_interview(person, notes="Wij groeien. De hal is te klein. Echt.")
    statement = make_statement(interview=interview)
    context = member.get(statement.get_absolute_url()).context
    assert (context["said"].before, context["said"].after) == ("Wij groeien. ", " Echt.")
    assert context["said_on"] == timezone.localdate(interview.held_at)
    seen = [(one.by.name, one.by.organisation_name, one.by.sector) for one in context["readers"]]
    assert seen == [(str(person), "Saxion", "education"), ("", "", "education"), ("", "", "education")]
    reader = Client()
    reader.force_login(make_user(Role.READER))
    context = reader.get(statement.get_absolute_url()).context
    assert (context["said"], context["said_on"], context["readers"]) == (None, None, [])
    Statement.objects.update(visibility="team")
    context = member.get(statement.get_absolute_url()).context
    assert [one.by and one.by.name for one in context["readers"]] == [str(person), None, None]


def test_passage_stands_between_whole_words_of_its_line(member):
    around = "zeven woorden en nog een paar, " * 9
    interview = make_interview(make_contact(), notes=f"Iets.\n{around}De hal is te klein. {around}")
    said = member.get(make_statement(interview=interview).get_absolute_url()).context["said"]
    assert said.before.startswith("… ")
    assert said.before[2:] in around
    assert said.after.endswith(" …")
    assert max(len(said.before), len(said.after)) <= 122


def test_life_of_a_statement_is_in_the_order_of_its_days(member, monkeypatch):
    statement, day = make_statement(), date(2026, 11, 24)
    monkeypatch.setattr(life, "_STEPS", [])
    life.register_steps(
        2, lambda *_: [Step(None, "x"), Step(day, "later"), Step(day, "to come", to_come=True)]
    )
    life.register_steps(1, lambda *_: [Step(day, "first"), Step(day - timedelta(1), "before")])
    steps = life.life_of(statement, make_user())
    assert [one.template for one in steps] == ["before", "first", "later", "x", "to come"]


def test_others_who_said_it_too_stand_there_with_what_became_of_that(member):
    statement, other = make_statement(), make_statement("Wil eigenlijk blijven.")
    statement.alike.add(other)
    assert "not used yet" in member.get(statement.get_absolute_url()).content.decode()
    make_evidence(other, make_item("1.1.1"), "partly")
    assert "1.1.1 partly adopted" in member.get(statement.get_absolute_url()).content.decode()
