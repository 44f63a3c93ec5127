"""Writing notes and taking statements from them, so that a passage stays tied to its place and speaker."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import PROTECT
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.texts.services import keep_texts
from engagement.codes.models import Code
from engagement.codes.services import codes_named
from engagement.statements.anchoring import follow
from engagement.statements.models import (
    Anchor,
    Speaker,
    Statement,
    StatementCode,
    Visibility,
    Writeup,
    WriteupVersion,
)
from engagement.statements.sources import tell_settled
from engagement.statements.texts import stored

# Earlier versions of notes hold names; so long after the approval nobody needs them any more.
_VERSIONS_KEPT = timedelta(days=90)


class NotesChanged(Exception):
    """Somebody else changed the notes after they were opened; `writeup` is how they are now."""

    def __init__(self, writeup: Writeup) -> None:
        super().__init__(writeup.pk)
        self.writeup = writeup


class StatementChanged(Exception):
    """Somebody else changed the statement after it was opened; `statement` is how it is now, None if gone."""

    def __init__(self, statement: Statement | None) -> None:
        super().__init__(statement and statement.pk)
        self.statement = statement


@dataclass(frozen=True)
class Draft:
    """A statement as somebody typed it.

    `version` is that of the statement which was opened, 0 of a new one. `start` and `end` are code points of
    the text in revision `revision`; None leaves the passage as it is. `codes` are in order, `new_codes` the
    names of codes to make where there are none.
    """

    uuid: UUID
    version: int = 0
    revision: int = 0
    start: int | None = None
    end: int | None = None
    wording: str = ""
    speaker: Speaker | None = None
    stance: str = ""
    aspect: str = ""
    visibility: str = Visibility.NAMED
    codes: Sequence[Code] = ()
    new_codes: Sequence[str] = ()

    @classmethod
    def of(cls, statement: Statement, **other: Any) -> Draft:
        """What a statement says now, but for what is said `other`wise."""
        names = ("wording", "speaker", "stance", "aspect", "visibility")
        now: dict[str, Any] = {name: getattr(statement, name) for name in names}
        codes = [one.code for one in statement.coded.select_related("code")]
        return cls(statement.uuid, statement.version, **(now | {"codes": codes} | other))


@transaction.atomic
def begin_notes(text: str = "") -> Writeup:
    writeup = Writeup.objects.create(text=stored(text))
    keep_texts(Writeup, [writeup.pk])
    return writeup


@transaction.atomic
def write_text(*, writeup: Writeup, text: str, revision: int, by: User) -> Writeup:
    """Store the notes as typed over `revision` of them; each passage moves along, or says that its words are
    changed or gone. NotesChanged when they have another revision by now.
    """
    locked = Writeup.objects.select_for_update().get(pk=writeup.pk)
    new = stored(text)
    if new == locked.text:
        return locked
    if revision != locked.revision:
        raise NotesChanged(locked)
    WriteupVersion.objects.create(writeup=locked, revision=locked.revision, text=locked.text, changed_by=by)
    _move_passages(locked, new)
    locked.text, locked.revision = new, locked.revision + 1
    locked.save(update_fields=["text", "revision", "updated_at"])
    keep_texts(Writeup, [locked.pk])
    return locked


def _move_passages(writeup: Writeup, new: str) -> None:
    hanging = list(writeup.statements.exclude(anchor=Anchor.LOOSE).order_by("pk"))
    places = follow(writeup.text, new, [(one.start, one.end, one.passage) for one in hanging])  # type: ignore[misc]
    moved = []
    for statement, place in zip(hanging, places, strict=True):
        before = statement.start, statement.end, statement.anchor
        if before != (place.start, place.end, place.anchor):
            statement.start, statement.end, statement.anchor = place.start, place.end, place.anchor
            moved.append(statement)
    Statement.objects.bulk_update(moved, ["start", "end", "anchor"], batch_size=500)


def save_statement(*, writeup: Writeup, draft: Draft, by: User) -> Statement:
    """Store a new or changed statement of these notes.

    Sent twice it is stored once. StatementChanged when it has another version by now and says something
    else; ValidationError (a dict) for a passage that is none.
    """
    return save_statements(writeup=writeup, drafts=[draft], by=by)[0]


@transaction.atomic
def save_statements(*, writeup: Writeup, drafts: Sequence[Draft], by: User) -> list[Statement]:
    """Store several at once, all or none; see save_statement() for what goes wrong."""
    locked = Writeup.objects.select_for_update().get(pk=writeup.pk)
    there = {one.uuid: one for one in Statement.objects.filter(uuid__in=[draft.uuid for draft in drafts])}
    statements = []
    for draft in drafts:
        statement = there.get(draft.uuid)
        if statement is None:
            if draft.version:
                raise StatementChanged(None)
            statement = Statement(uuid=draft.uuid, writeup=locked, created_by=by, version=0)
        elif statement.writeup_id != locked.pk:
            raise StatementChanged(statement)
        statement.writeup = locked
        statements.append(statement)
    _store(statements, drafts, by)
    return statements


@transaction.atomic
def change_statement(*, statement: Statement, draft: Draft, by: User) -> Statement:
    """Change what is said of a statement, its passage apart; see save_statement() for what goes wrong."""
    if statement.writeup is not None:
        return save_statement(writeup=statement.writeup, draft=draft, by=by)
    locked = _hold(statement)
    if locked is None:
        raise StatementChanged(None)
    _store([locked], [draft], by)
    return locked


def _hold(statement: Statement) -> Statement | None:
    """How it is now, locked after the notes that it was taken from, as whoever answers about it does; None
    when it is gone.
    """
    if statement.writeup_id is not None:
        Writeup.objects.select_for_update().get(pk=statement.writeup_id)
    return Statement.objects.select_for_update(of=("self",)).filter(pk=statement.pk).first()


def _store(statements: Sequence[Statement], drafts: Sequence[Draft], by: User) -> None:
    """Each as its draft says, and once for all, which are of the same notes, what follows from that."""
    changed = [one for one, draft in zip(statements, drafts, strict=True) if _is_stored(one, draft, by)]
    if changed:
        keep_texts(Statement, [one.pk for one in changed])
        keep_approved(changed[0].writeup)


def _is_stored(statement: Statement, draft: Draft, by: User) -> bool:
    """Store what the draft says, or False where that is what it said already."""
    was_there, before = statement.version, _picture(statement)
    _put(statement, draft)
    codes = list(dict.fromkeys([*draft.codes, *codes_named(draft.new_codes)]))
    if was_there and before == _picture(statement, codes):
        return False
    if was_there != draft.version:
        raise StatementChanged(Statement.objects.get(pk=statement.pk))
    statement.version = was_there + 1
    statement.save()
    set_codes(statement=statement, codes=codes, by=by)
    return True


def keep_approved(writeup: Writeup | None) -> None:
    """Note since when all that was said in these notes is settled with who said it, None while it is not, and
    tell what was written up.
    """
    if writeup is None:
        return
    said = writeup.statements.exclude(speaker=None)
    settled = said.exists() and not said.unanswered().exists()
    if settled != bool(writeup.approved_at):
        writeup.approved_at = timezone.now() if settled else None
        writeup.save(update_fields=["approved_at", "updated_at"])
    tell_settled(writeup)


def _put(statement: Statement, draft: Draft) -> None:
    """What the draft says, put into the statement; not saved."""
    if draft.start is not None and draft.end is not None and statement.writeup is not None:
        _put_passage(statement, draft, statement.writeup)
    elif not statement.pk:
        raise ValidationError({"passage": _("Choose a passage of the notes first.")})
    for name in ("wording", "speaker", "stance", "aspect", "visibility"):
        setattr(statement, name, getattr(draft, name))
    if statement.wording == statement.passage:
        statement.wording = ""
    statement.clean()


def _put_passage(statement: Statement, draft: Draft, writeup: Writeup) -> None:
    """The passage between the places of the draft, carried along from the revision that it was chosen in."""
    start, end = draft.start or 0, draft.end or 0
    text = writeup.text if draft.revision == writeup.revision else _text_of(writeup, draft.revision)
    passage = text[start:end]
    if not passage.strip():
        raise ValidationError({"passage": _("This passage holds no words. Choose one of the notes.")})
    statement.passage = passage
    place = follow(text, writeup.text, [(start, end, passage)])[0]
    statement.start, statement.end, statement.anchor = place.start, place.end, place.anchor


def _text_of(writeup: Writeup, revision: int) -> str:
    version = writeup.versions.filter(revision=revision).first()
    if version is None:
        words = _("The notes changed so long ago that this passage cannot be found. Choose it anew.")
        raise ValidationError({"passage": words})
    return version.text


def _picture(statement: Statement, codes: Iterable[Code] | None = None) -> tuple[object, ...]:
    """What a statement says, to compare."""
    if codes is None:
        codes = [one.code for one in statement.coded.select_related("code")] if statement.pk else []
    names = ("start", "end", "passage", "wording", "speaker_id", "stance", "aspect", "visibility")
    return (*(getattr(statement, name) for name in names), *(code.pk for code in codes))


def set_codes(*, statement: Statement, codes: Sequence[Code], by: User) -> None:
    """Let the statement have exactly these codes, in this order; who gave one earlier stays its coder."""
    there = {one.code_id: one for one in statement.coded.all()}
    wanted = [code.pk for code in codes]
    statement.coded.exclude(code__in=wanted).delete()
    for position, key in enumerate(wanted):
        if key in there:
            statement.coded.filter(code=key).update(position=position)
        else:
            StatementCode.objects.create(statement=statement, code_id=key, coder=by, position=position)


@transaction.atomic
def remove_statement(*, statement: Statement, version: int) -> None:
    """Remove it; StatementChanged when it has another version by now, ValidationError when something rests
    on it.
    """
    locked = _hold(statement)
    if locked is None:
        return
    if locked.version != version:
        raise StatementChanged(locked)
    if rests := resting_on([locked.pk]).get(locked.pk):
        words = _("This statement stays, since there are %(what)s with it. Show it to the core team only.")
        raise ValidationError(words % {"what": ", ".join(sorted(rests))})
    locked.delete()
    keep_approved(locked.writeup)


def resting_on(statements: Collection[int]) -> dict[int, set[str]]:
    """What keeps these statements from being removed, such as "answers of speakers", by their keys."""
    found: dict[int, set[str]] = {}
    for relation in Statement._meta.related_objects:
        if relation.on_delete is PROTECT:
            model: Any = relation.related_model
            rows = model._base_manager.filter(**{f"{relation.field.name}__in": statements})
            for key in rows.values_list(relation.field.name, flat=True):
                found.setdefault(key, set()).add(str(model._meta.verbose_name_plural))
    return found


@transaction.atomic
def answer_doubt(*, statement: Statement, take_new: bool) -> Statement:
    """What the words of a statement are, of which those in the notes were changed: what stands there now, or
    what was said before. Then it does not hang on the notes any more.
    """
    if statement.writeup_id is None:
        return statement
    writeup = Writeup.objects.select_for_update().get(pk=statement.writeup_id)
    statement = Statement.objects.get(pk=statement.pk)
    if statement.anchor not in (Anchor.CHANGED, Anchor.GONE):
        return statement
    passage = writeup.text[statement.start : statement.end]
    if take_new and passage.strip():
        statement.passage, statement.anchor = passage, Anchor.IN_PLACE
    else:
        statement.anchor, statement.start, statement.end = Anchor.LOOSE, None, None
    statement.version += 1
    statement.save()
    keep_texts(Statement, [statement.pk])
    keep_approved(writeup)
    return statement


@transaction.atomic
def split_statement(*, statement: Statement, at: int, by: User) -> Statement:
    """Make two of it, the second one from code point `at` of its passage on; return the second one.
    StatementChanged when it is gone by now.

    Both keep speaker and codes. The wording stays with the first one, since nobody worded the second one yet.
    What the speaker withdrew or kept to the core team stays so in both.
    """
    first = _hold(statement)
    if first is None:
        raise StatementChanged(None)
    left, right = first.passage[:at].rstrip(), first.passage[at:].lstrip()
    if not left or not right:
        raise ValidationError({"at": _("Choose a place inside the passage.")})
    codes = list(first.codes.order_by("coded__position", "coded__pk"))
    second = Statement.objects.get(pk=first.pk)
    second.pk, second._state.adding = None, True
    second.uuid, second.version, second.split_from, second.created_by = uuid4(), 1, first, by
    second.passage, second.wording = right, ""
    second.import_row, second.external_id = None, ""
    first.passage, first.version = left, first.version + 1
    if first.anchor == Anchor.IN_PLACE and first.start is not None and first.end is not None:
        second.start = first.end - len(right)
        first.end = first.start + len(left)
    elif first.anchor != Anchor.LOOSE:
        second.anchor, second.start, second.end = Anchor.LOOSE, None, None
    first.save()
    second.save()
    set_codes(statement=second, codes=codes, by=by)
    keep_texts(Statement, [first.pk, second.pk])
    keep_approved(first.writeup)
    return second


def forget_versions() -> int:
    """Forget the earlier versions of notes that were approved long enough ago; how many."""
    long_ago = timezone.now() - _VERSIONS_KEPT
    return WriteupVersion.objects.filter(writeup__approved_at__lt=long_ago).delete()[0]
