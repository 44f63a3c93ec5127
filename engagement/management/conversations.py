"""The conversations of the demo: interviews and sessions with what was said in them, and what came of it."""

import json
import wave
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from io import BytesIO
from itertools import cycle
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from django.utils import timezone

from crm.accounts.models import User
from crm.accounts.roles import Role
from crm.contacts.models import Contact
from crm.themes.models import Theme
from engagement.attachments.models import Attachment
from engagement.attachments.services import add_attachment
from engagement.codes.models import Code
from engagement.events.models import Event, Participation
from engagement.events.services import begin_writeup, mark_attendance, save_event
from engagement.followups.models import FollowUp
from engagement.followups.services import finish, save_follow_up
from engagement.interviews.models import Guide, Interview
from engagement.interviews.services import save_interview
from engagement.management.notes import (
    Conversation,
    Notes,
    Said,
    read_said,
    share,
    tell_conversation,
    tell_session,
)
from engagement.statements.levels import Level
from engagement.statements.models import Speaker, Statement, Visibility, Writeup
from engagement.statements.recoding import merge_codes
from engagement.statements.services import Draft, save_statements, split_statement, write_text
from engagement.statements.speakers import add_speaker

State = Interview.State
_SHOWN = [Visibility.NAMED] * 6 + [
    Visibility.ORGANISATION,
    Visibility.SECTOR,
    Visibility.SECTOR,
    Visibility.TEAM,
]
_STATES = [State.WRITTEN_UP] * 4 + [State.APPROVED]
_CONFIDENTIAL_EVERY = 9
_ON_THE_LIST = 4


def load_conversations(
    *, folder: Path, contacts: Sequence[Contact], users: dict[str, User], seed: int
) -> dict[str, Code]:
    """All of it, from the fixtures in `folder`; the same seed gives the same. The codes by their keys."""
    data = json.loads((folder / "demo_conversations.json").read_text(encoding="utf-8"))
    loading = Conversations(data, contacts, users, Random(f"conversations {seed}"))  # noqa: S311 - for variety
    loading.load(read_said(folder / "demo_statements.txt"))
    return loading.codes


class Conversations:
    """Loads them one after the other."""

    def __init__(
        self, data: dict[str, Any], contacts: Sequence[Contact], users: dict[str, User], chance: Random
    ) -> None:
        self.data, self.contacts, self.users, self.chance = data, contacts, users, chance
        self.by = users[Role.CORE_TEAM]
        self.themes = {theme.slug: theme for theme in Theme.objects.all()}
        self.codes: dict[str, Code] = {}
        self.guides: dict[str, Guide] = {}
        self.held: list[Interview] = []

    def load(self, everything: Sequence[Said]) -> None:
        conversations, tables = share(everything, self.chance)
        self._load_codes()
        self._load_guides()
        people = self._speakers()
        for number, conversation in enumerate(conversations):
            self._load_interview(
                number, conversation, next(people[conversation.sector, conversation.language])
            )
        for row in self.data["sessions"]:
            self._load_session(row, tables[row["theme"]])
        self._load_planned()
        self._load_follow_ups()
        self._revise()
        self._attach()

    def _load_codes(self) -> None:
        for row in self.data["codes"]:
            self.codes[row["key"]] = Code.objects.create(
                name=row["name"],
                description=row.get("description", ""),
                parent=self.codes.get(row.get("parent", "")),
                theme=self.themes.get(row.get("theme", "")),
            )

    def _load_guides(self) -> None:
        for row in self.data["guides"]:
            guide = Guide.objects.create(name=row["name"], questions="\n".join(row["questions"]))
            self.guides[guide.name] = guide

    def _speakers(self) -> dict[tuple[str, str], Any]:
        """Per O and language those who speak for it, one after the other and then anew."""
        by_sector: dict[str, list[Contact]] = {}
        for contact in self.contacts:
            by_sector.setdefault(contact.affiliations.get().sector_list()[0], []).append(contact)
        return {
            (sector, language): cycle(sorted(people, key=lambda one: one.language != language))
            for sector, people in by_sector.items()
            for language in ("nl", "en")
        }

    def _load_interview(self, number: int, conversation: Conversation, person: Contact) -> None:
        """The newest one is to be written up yet."""
        notes = tell_conversation(conversation, self.data["notes"][conversation.language], self.chance)
        interview = Interview(
            interviewer=self.by if number % 5 else self.users[Role.ADMIN],
            organisation=person.affiliations.get().organisation,
            held_at=_working_hour(2 + 8 * number, 9 + number % 8),
            medium=self.chance.choice([Interview.Medium.IN_PERSON] * 3 + [*Interview.Medium]),
            state=_STATES[number % len(_STATES)] if number else State.HELD,
            level=self.chance.choice(["", *Level.values[1:4]]),
            promise=self.chance.choice(["", "", *self.data["promises"]]),
            guide=self.chance.choice([None, *self._guides_in(conversation.language)]),
        )
        if interview.medium == Interview.Medium.IN_PERSON:
            interview.place = self.chance.choice(self.data["places"])
        save_interview(
            interview=interview,
            contacts=[person],
            themes=[self.themes[turn[0].theme] for turn in conversation.said],
            also_by=[self.users[Role.COMMUNICATIONS]] if number % 7 == 1 else [],
            notes=notes.text,
            confidential=number % _CONFIDENTIAL_EVERY == 4,
        )
        if number:
            speaker = interview.writeup.speakers.get()
            self._take(interview.writeup, notes, lambda said: speaker)
        self.held.append(interview)

    def _guides_in(self, language: str) -> list[Guide]:
        return [guide for name, guide in self.guides.items() if ("English" in name) == (language == "en")]

    def _take(self, writeup: Writeup, notes: Notes, speaker: Callable[[Said], Speaker | None]) -> None:
        drafts = [
            Draft(
                uuid=UUID(int=self.chance.getrandbits(128), version=4),
                revision=writeup.revision,
                start=start,
                end=end,
                wording=said.wording,
                speaker=speaker(said),
                stance=said.stance,
                aspect=said.aspect,
                visibility=self.chance.choice(_SHOWN),
                codes=[self.codes[key] for key in said.codes],
            )
            for start, end, said in notes.places
        ]
        save_statements(writeup=writeup, drafts=drafts, by=self.by)

    def _load_session(self, row: dict[str, Any], said: Sequence[Said]) -> None:
        event = Event(
            kind=row["kind"],
            theme=self.themes[row["theme"]],
            title_nl=row["nl"],
            title_en=row["en"],
            text_nl=self.data["session_text"]["nl"],
            text_en=self.data["session_text"]["en"],
            place=row["place"],
            level=row["level"],
            promise_nl=self.data["session_promise"]["nl"],
            promise_en=self.data["session_promise"]["en"],
            starts_at=(starts := _working_hour(row["days_ago"], 13)),
            ends_at=starts + timedelta(hours=3),
        )
        save_event(event=event, remind_days_before=None)
        self._gather(event)
        notes = tell_session(row["opening"], said, self.data["tables"], self.data["unknown"])
        writeup = begin_writeup(event_key=event.pk)
        writeup = write_text(writeup=writeup, text=notes.text, revision=writeup.revision, by=self.by)
        tables = {
            sector: add_speaker(
                speaker=Speaker(writeup=writeup, label=label, sector=sector), on=event.starts_at.date()
            )
            for sector, label in self.data["tables"].items()
        }
        last = notes.places[-1][2]
        self._take(writeup, notes, lambda one: None if one is last else tables[one.sector])

    def _gather(self, event: Event) -> None:
        for person in self.chance.sample(list(self.contacts), 14):
            Participation.objects.create(
                event=event,
                contact=person,
                status="accepted",
                answered_at=event.starts_at - timedelta(days=9),
            )
        keys = list(event.participations.order_by("pk").values_list("pk", flat=True))
        mark_attendance(event=event, came=keys[2:], away=keys[:2])

    def _load_planned(self) -> None:
        for row, person in zip(self.data["planned"], self.chance.sample(list(self.contacts), 5), strict=True):
            planned = Interview(
                interviewer=self.by,
                state=State.PLANNED,
                organisation=person.affiliations.get().organisation,
                held_at=_working_hour(-row["days"], 10) if row["days"] else None,
                guide=self.guides[row["guide"]],
                place=row["place"],
            )
            save_interview(interview=planned, contacts=[person], themes=[])
        not_heard = [one for one in self.contacts if not one.interviews.exists()]
        for person in not_heard[:_ON_THE_LIST]:
            organisation = person.affiliations.get().organisation
            waiting = Interview(state=State.PLANNED, organisation=organisation)
            save_interview(interview=waiting, contacts=[person], themes=[])

    def _load_follow_ups(self) -> None:
        for number, (row, interview) in enumerate(zip(self.data["follow_ups"], self.held, strict=False)):
            follow_up = FollowUp(
                what=row["what"],
                theirs=row.get("theirs", False),
                owner=self.by if number % 4 else self.users[Role.COMMUNICATIONS],
                due_on=timezone.localdate() + timedelta(days=row["due"]),
                contact=interview.contacts.get(),
                organisation=interview.organisation,
                writeup=interview.writeup,
                created_by=self.by,
            )
            save_follow_up(follow_up=follow_up)
            if "done" in row:
                finish(follow_up=follow_up, note=row["done"], by=follow_up.owner)

    def _revise(self) -> None:
        """What happens to statements later: a split, two codes that were one, alike ones, corrected notes."""
        two = next(one for one in Statement.objects.order_by("-pk") if ". " in one.passage)
        split_statement(statement=two, at=two.passage.index(". ") + 1, by=self.by)
        for row in self.data["merges"]:
            merge_codes(gone=self.codes[row["gone"]], kept=self.codes[row["kept"]], by=self.by)
        for beginnings in self.data["alike"]:
            found = Statement.objects.none()
            for words in beginnings:
                found |= Statement.objects.filter(passage__startswith=words)
            for one in (among := list(found)):
                one.alike.add(*(other for other in among if other != one))
        self._correct_notes()

    def _correct_notes(self) -> None:
        """Two passages get words in between, and one goes."""
        for interview, words in zip(self.held[2:5], [*self.data["doubts"], ""], strict=True):
            writeup = Writeup.objects.get(pk=interview.writeup_id)
            statement = writeup.statements.order_by("start")[4]
            start, end = statement.start or 0, statement.end or 0
            changed = f"{statement.passage[:-1]}{words}." if words else ""
            text = writeup.text[:start] + changed + writeup.text[end:]
            write_text(writeup=writeup, text=text, revision=writeup.revision, by=self.by)

    def _attach(self) -> None:
        """A report, and a second of silence that somebody agreed to."""
        report = Attachment(name="verslag.pdf", kind=Attachment.Kind.PDF)
        recording = Attachment(name="opname.wav", kind=Attachment.Kind.AUDIO, consent=self.data["consent"])
        recording.goes_on = timezone.localdate() + timedelta(days=80)
        for interview, attachment, content in (
            (self.held[1], report, _pdf("Verslag van het gesprek")),
            (self.held[2], recording, _silence()),
        ):
            attachment.size = len(content)
            add_attachment(
                writeup=interview.writeup, file=BytesIO(content), by=self.by, attachment=attachment
            )


def _working_hour(days_ago: int, hour: int) -> datetime:
    day: date = timezone.localdate() - timedelta(days=days_ago)
    day -= timedelta(days=max(0, day.weekday() - 4))
    return datetime(day.year, day.month, day.day, hour, 30, tzinfo=timezone.get_current_timezone())


def _silence() -> bytes:
    file = BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(1)
        sound.setframerate(8000)
        sound.writeframes(b"\x80" * 8000)
    return file.getvalue()


def _pdf(words: str) -> bytes:
    """One page with one line of ASCII."""
    stream = f"BT /F1 18 Tf 60 780 Td ({words}) Tj ET".encode("ascii")
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        page + b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    content, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, start=1):
        places.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(content)
    return content + b"xref\n0 6\n0000000000 65535 f \n" + table + end
