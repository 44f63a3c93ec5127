"""Notes, and what hangs on them: taking statements, changing either, and two people at once."""

from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone, translation

from crm.base.parts import StillInUse
from crm.contacts.models import Affiliation
from crm.contacts.services import delete_contact
from crm.duplicates.merging import merge, undo
from engagement.codes.models import Code
from engagement.interviews.services import delete_interview, save_interview
from engagement.statements import services
from engagement.statements.models import Anchor, Speaker, Statement, Writeup, WriteupVersion
from engagement.statements.services import Draft, NotesChanged, StatementChanged
from tests.factories import make_contact, make_interview, make_organisation, make_statement, make_user

pytestmark = pytest.mark.django_db
NOTES = "Begon in een kelder. De hal is te klein.\nWil eigenlijk blijven."


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def interview():
    return make_interview(make_contact(), notes=NOTES)


def drafted(interview, passage: str, **fields) -> Draft:
    start = NOTES.index(passage)
    known = {"revision": 0, "start": start, "end": start + len(passage)}
    return Draft(**{"uuid": uuid4(), **known, **fields})


def write(interview, text: str, revision: int = 0):
    return services.write_text(
        writeup=interview.writeup, text=text, revision=revision, by=interview.interviewer
    )


def save(interview, draft: Draft) -> Statement:
    return services.save_statement(writeup=interview.writeup, draft=draft, by=interview.interviewer)


def test_statement_keeps_its_passage_literally_with_codes_in_order(interview):
    statement = save(interview, drafted(interview, "De hal is te klein.", new_codes=["Ruimte", "Stroom"]))
    assert (statement.passage, statement.anchor, statement.version) == ("De hal is te klein.", "in place", 1)
    assert [str(one) for one in statement.coded.all()] == ["Ruimte", "Stroom"]
    assert statement.is_literal


def test_our_wording_is_no_quotation(interview):
    statement = save(interview, drafted(interview, "De hal is te klein.", wording="Er is meer ruimte nodig."))
    assert (statement.words, statement.is_literal) == ("Er is meer ruimte nodig.", False)
    same = save(interview, drafted(interview, "De hal is te klein.", wording="De hal is te klein."))
    assert same.is_literal


def test_statement_that_is_sent_twice_is_there_once(interview):
    draft = drafted(interview, "De hal is te klein.", new_codes=["Ruimte"])
    first, again = save(interview, draft), save(interview, draft)
    assert (first.pk, again.version, Statement.objects.count()) == (again.pk, 1, 1)


def test_second_of_two_who_change_one_is_told(interview):
    draft = drafted(interview, "De hal is te klein.")
    statement = save(interview, draft)
    save(interview, Draft(draft.uuid, 1, stance="wish"))
    with pytest.raises(StatementChanged) as told:
        save(interview, Draft(draft.uuid, 1, stance="concern"))
    assert (told.value.statement.stance, told.value.statement.version) == ("wish", 2)
    services.remove_statement(statement=statement, version=2)
    with pytest.raises(StatementChanged) as told:
        save(interview, Draft(draft.uuid, 2, stance="concern"))
    assert told.value.statement is None


def test_passage_moves_along_or_says_that_it_changed(interview):
    first = save(interview, drafted(interview, "De hal is te klein."))
    second = save(interview, drafted(interview, "Wil eigenlijk blijven."))
    writeup = write(interview, "Vooraf. " + NOTES.replace("te klein", "veel te klein"))
    for statement in (first, second):
        statement.refresh_from_db()
    assert (first.anchor, first.passage) == (Anchor.CHANGED, "De hal is te klein.")
    assert writeup.text[first.start : first.end] == first.now == "De hal is veel te klein."
    assert (second.anchor, writeup.text[second.start : second.end]) == (Anchor.IN_PLACE, second.passage)
    assert list(Statement.objects.in_doubt()) == [first]
    assert WriteupVersion.objects.get().text == NOTES


@pytest.mark.parametrize(
    ("text", "take_new", "passage", "anchor"),
    [
        (NOTES.replace("te klein", "veel te klein"), True, "De hal is veel te klein.", "in place"),
        (NOTES.replace("te klein", "veel te klein"), False, "De hal is te klein.", "loose"),
        (NOTES.replace("De hal is te klein.", ""), True, "De hal is te klein.", "loose"),
    ],
)
def test_whoever_is_asked_says_which_words_hold(interview, text, take_new, passage, anchor):
    statement = save(interview, drafted(interview, "De hal is te klein."))
    write(interview, text)
    answered = services.answer_doubt(statement=statement, take_new=take_new)
    assert (answered.passage, answered.anchor, answered.version) == (passage, anchor, 2)


def test_second_of_two_who_change_the_notes_is_told_and_nothing_is_overwritten(interview):
    write(interview, "Een ander verhaal.")
    with pytest.raises(NotesChanged) as told:
        write(interview, "Nog een ander.")
    assert told.value.writeup.text == "Een ander verhaal."


def test_passage_chosen_in_an_earlier_revision_is_carried_along(interview):
    write(interview, "Vooraf. " + NOTES)
    statement = save(interview, drafted(interview, "De hal is te klein."))
    assert (statement.start, statement.anchor) == (NOTES.index("De hal") + 8, Anchor.IN_PLACE)
    write(interview, "Weg.", revision=1)
    late = save(interview, drafted(interview, "Wil eigenlijk blijven."))
    assert (late.passage, late.anchor) == ("Wil eigenlijk blijven.", Anchor.CHANGED)


@pytest.mark.parametrize("places", [(5, 5), (20, 21), (500, 600)])
def test_passage_without_words_is_refused(interview, places):
    with pytest.raises(ValidationError, match="holds no words"), transaction.atomic():
        save(interview, Draft(uuid4(), start=places[0], end=places[1]))
    with pytest.raises(ValidationError, match="Choose a passage"), transaction.atomic():
        save(interview, Draft(uuid4()))


def test_notes_are_stored_with_one_kind_of_line_break_and_composed(interview):
    assert write(interview, "een\r\ntwee\rdrie\u2028vier cafe\u0301\x00").text == "een\ntwee\ndrie\nvier café"


def test_overlapping_passages_each_stay_their_own(interview):
    save(interview, drafted(interview, "kelder. De hal"))
    save(interview, drafted(interview, "De hal is te klein."))
    writeup = write(interview, NOTES.replace("Begon", "Hij begon"))
    for statement in Statement.objects.all():
        assert writeup.text[statement.start : statement.end] == statement.passage


def test_split_keeps_speaker_codes_and_lineage(interview):
    speaker = interview.writeup.speakers.get()
    draft = drafted(
        interview, "Begon in een kelder. De hal is te klein.", speaker=speaker, new_codes=["Ruimte"]
    )
    first = save(interview, draft)
    second = services.split_statement(statement=first, at=21, by=interview.interviewer)
    first.refresh_from_db()
    assert (first.passage, second.passage) == ("Begon in een kelder.", "De hal is te klein.")
    assert (second.split_from, second.speaker) == (first, speaker)
    assert [str(one) for one in second.coded.all()] == ["Ruimte"]
    for one in (first, second):
        assert interview.writeup.text[one.start : one.end] == one.passage
    with pytest.raises(ValidationError):
        services.split_statement(statement=second, at=0, by=interview.interviewer)


def test_speaker_is_who_they_were_on_that_day():
    old, new = make_organisation("Oud", "research"), make_organisation("Nieuw", "entrepreneurs")
    person = make_contact()
    Affiliation.objects.create(
        contact=person, organisation=new, job_title="baas", started_on=date(2026, 6, 1)
    )
    Affiliation.objects.create(
        contact=person, organisation=old, job_title="lector", ended_on=date(2026, 5, 31)
    )
    then = timezone.make_aware(datetime(2026, 3, 3, 10))
    speaker = make_interview(person, held_at=then).writeup.speakers.get()
    assert (speaker.job_title, speaker.organisation, speaker.sector) == ("lector", old, "research")
    now = make_interview(person).writeup.speakers.get()
    assert (now.job_title, now.organisation, now.sector) == ("baas", new, "entrepreneurs")


def test_speaker_who_said_something_stays_and_one_who_did_not_goes():
    first, second = make_contact(), make_contact()
    interview = make_interview(first, second, notes=NOTES)
    speaker = Speaker.objects.get(contact=first)
    save(interview, drafted(interview, "De hal is te klein.", speaker=speaker))
    with pytest.raises(ValidationError, match="were taken down here: 1"), transaction.atomic():
        save_interview(interview=interview, contacts=[second], themes=[])
    save_interview(interview=interview, contacts=[first], themes=[])
    assert list(interview.writeup.speakers.all()) == [speaker]


def test_interview_with_statements_is_not_deleted(interview):
    statement = save(interview, drafted(interview, "De hal is te klein."))
    with pytest.raises(ValidationError, match="One statement was taken"), transaction.atomic():
        delete_interview(interview=interview)
    services.remove_statement(statement=statement, version=1)
    delete_interview(interview=interview)
    assert not Speaker.objects.exists()


def test_contact_who_spoke_is_not_deleted_and_keeps_what_they_said_in_a_merge():
    kept, gone = make_contact(), make_contact()
    statement = make_statement(interview=make_interview(gone, notes="De hal is te klein."))
    with pytest.raises(StillInUse):
        delete_contact(contact=gone)
    user = make_user()
    merged = merge(kept=kept, gone=gone, by=user)
    statement.refresh_from_db()
    assert statement.speaker.contact == kept
    undo(merged=merged, by=user)
    assert Statement.objects.get().speaker.contact == gone


def test_merging_two_who_spoke_in_one_conversation_makes_one_speaker():
    kept, gone = make_contact(), make_contact()
    interview = make_interview(kept, gone, notes=NOTES)
    theirs = interview.writeup.speakers.get(contact=gone)
    statement = save(interview, drafted(interview, "De hal is te klein.", speaker=theirs))
    merged = merge(kept=kept, gone=gone, by=make_user())
    statement.refresh_from_db()
    assert statement.speaker == interview.writeup.speakers.get() == Speaker.objects.get(contact=kept)
    undo(merged=merged, by=make_user())
    statement.refresh_from_db()
    assert statement.speaker.contact == gone


def test_earlier_versions_go_90_days_after_the_approval(interview):
    write(interview, "Anders.")
    interview.state = "approved"
    save_interview(interview=interview, contacts=interview.contacts.all(), themes=[])
    assert services.forget_versions() == 0
    Writeup.objects.update(approved_at=timezone.now() - timedelta(days=91))
    assert services.forget_versions() == 1
    with pytest.raises(ValidationError, match="so long ago"):
        save(interview, drafted(interview, "De hal is te klein."))


def test_new_code_that_is_there_in_other_capitals_is_used(interview):
    save(interview, drafted(interview, "De hal is te klein.", new_codes=["Ruimte"]))
    save(interview, drafted(interview, "Wil eigenlijk blijven.", new_codes=["RUIMTE", "ruimte "]))
    assert Code.objects.count() == 1
