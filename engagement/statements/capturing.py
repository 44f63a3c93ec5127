"""The screen on which statements are taken from notes, and the notes themselves."""

import json
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.contrib.staticfiles import finders
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.accounts.access import StaffRequest, requires
from crm.base.fields import numbers_in
from engagement.statements import services
from engagement.statements.forms import DeviceForm, DocumentForm, NotesForm, SentencesForm, SpeakerForm
from engagement.statements.models import Aspect, Speaker, Stance, Statement, Visibility, Writeup
from engagement.statements.pasting import text_of_document, text_of_html
from engagement.statements.sentences import RULE
from engagement.statements.services import NotesChanged, StatementChanged
from engagement.statements.showing import for_device, marked, numbered, statement_for_device
from engagement.statements.sources import title_of
from engagement.statements.speakers import add_speaker, remove_speaker

WORDS = {
    "taken": _lazy("It is taken down."),
    "undone": _lazy("It is undone."),
    "uncoded": _lazy("no code"),
    "gone": _lazy("It was removed."),
    "first": _lazy("Take this one down first, or drop it with Escape."),
}
# %s is a time.
STATES = {
    "saved": _lazy("Saved at %s"),
    "waits": _lazy("On this device since %s, being sent"),
    "offline": _lazy("No line. On this device since %s; it is sent when there is one."),
    "ended": _lazy("On this device since %s. You are logged out: log in in another tab, and it is sent."),
    "refused": _lazy("On this device since %s. The server has trouble; it is tried again."),
    "conflict": _lazy("Saved at %s, but for what you have to decide on"),
    "nowhere": _lazy("This browser keeps nothing: stay on this page until it is saved."),
}
LARGEST_DOCUMENT = 30 << 20  # bytes
# A device that was long without a line sends so many at a time.
MOST_AT_ONCE = 100


def open_writeup(request: StaffRequest, pk: int) -> Writeup:
    """404 when there is none, and 403 to whom it was not confided."""
    writeup = get_object_or_404(Writeup, pk=pk)
    if not writeup.is_readable_by(request.user):
        raise PermissionDenied
    return writeup


@requires("statements.change")
@require_http_methods(["GET", "HEAD", "POST"])
def capture(request: StaffRequest, pk: int) -> HttpResponse:
    """Notes and statements beside each other; without JavaScript a form with numbered sentences."""
    writeup = open_writeup(request, pk)
    initial = {"uuid": uuid4(), "revision": writeup.revision, "speaker": _only_speaker(writeup)}
    form = SentencesForm(request.POST if request.method == "POST" else None, writeup=writeup, initial=initial)
    if request.method == "POST" and form.is_valid() and _captured(request, writeup, form):
        return redirect("capture", pk)
    context = {
        "writeup": writeup,
        "title": title_of(writeup),
        "form": form,
        "pieces": marked(writeup, form.sentences),
        "numbered": numbered(writeup),
        "speakers": (speakers := list(writeup.speakers.select_related("contact", "organisation"))),
        "several": len(speakers) > 1,
        "data": for_device(writeup, request.user),
        **_tools(),
    }
    return render(request, "engagement/statements/capture.html", context)


def _tools() -> dict[str, Any]:
    """What the script on the page says and chooses from, in the reader's language."""
    choices = {"stance": Stance, "aspect": Aspect, "visibility": Visibility}
    words = {name: {value: str(label) for value, label in one.choices} for name, one in choices.items()}
    return {
        "rule": RULE,
        "words": words | {name: str(text) for name, text in WORDS.items()} | {"states": _states()},
        "stances": Stance.choices,
        "aspects": Aspect.choices,
        "visibilities": Visibility.choices,
    }


def _states() -> dict[str, str]:
    return {name: str(text) for name, text in STATES.items()}


@require_safe
def capture_offline(request: HttpRequest) -> HttpResponse:
    """The frame that opens without a line; it holds nothing of anybody, so anybody may have it."""
    return render(request, "engagement/statements/offline.html", _tools())


@require_safe
def capture_worker(request: HttpRequest) -> HttpResponse:
    """The service worker, which has to stand at the root; it is another one whenever the scripts are."""
    script = Path(finders.find("js/capture-worker.js") or "").read_text(encoding="utf-8")
    version = json.dumps(static("js/capture.js"))
    return HttpResponse(f"// {version}\n{script}", content_type="text/javascript")


def _only_speaker(writeup: Writeup) -> int | None:
    speakers = list(writeup.speakers.values_list("pk", flat=True)[:2])
    return speakers[0] if len(speakers) == 1 else None


def _captured(request: StaffRequest, writeup: Writeup, form: SentencesForm) -> bool:
    try:
        services.save_statement(writeup=writeup, draft=form.draft(), by=request.user)
    except ValidationError as problem:
        form.add_error(None, problem.messages)
        return False
    except StatementChanged:
        pass  # It was sent twice, and changed in between: it is there.
    return True


@requires("statements.change")
@require_POST
def capture_sync(request: StaffRequest, pk: int) -> HttpResponse:
    """Take what a device kept: {"statements": [...]}; answer how each of them is now, in the same order."""
    writeup = open_writeup(request, pk)
    try:
        sent = json.loads(request.body)["statements"]
        items = [dict(one) for one in sent][:MOST_AT_ONCE]
    except (ValueError, KeyError, TypeError):
        return JsonResponse({"error": "this is no list of statements"}, status=400)
    results = [_synced(request, writeup, item) for item in items]
    writeup.refresh_from_db()
    told = for_device(writeup, request.user)
    if all(item.get("revision") == writeup.revision for item in items):
        # The device has this text, which may be long.
        del told["text"]
    return JsonResponse({"results": results, **told})


def _synced(request: StaffRequest, writeup: Writeup, item: dict[str, Any]) -> dict[str, Any]:
    try:
        if item.get("removed"):
            return _removed(writeup, item)
        form = DeviceForm(item, writeup=writeup)
        if not form.is_valid():
            return {"uuid": item.get("uuid"), "errors": form.errors.get_json_data()}
        saved = services.save_statement(writeup=writeup, draft=form.draft(), by=request.user)
        return {"uuid": item["uuid"], "statement": statement_for_device(saved)}
    except StatementChanged as changed:
        now = changed.statement
        if now is not None and now.writeup_id != writeup.pk:
            now = None
        return {"uuid": item.get("uuid"), "conflict": now and statement_for_device(now), "gone": now is None}
    except ValidationError as problem:
        return {
            "uuid": item.get("uuid"),
            "errors": {"__all__": [{"message": one} for one in problem.messages]},
        }


def _removed(writeup: Writeup, item: dict[str, Any]) -> dict[str, Any]:
    statement = _by_uuid(writeup, item.get("uuid"))
    version = item.get("version")
    if statement is not None:
        services.remove_statement(statement=statement, version=version if isinstance(version, int) else 0)
    return {"uuid": item.get("uuid"), "removed": True}


def _by_uuid(writeup: Writeup, uuid: Any) -> Statement | None:
    try:
        return writeup.statements.filter(uuid=uuid).first()
    except ValidationError:
        return None


@requires("statements.change", largest_file=LARGEST_DOCUMENT)
@require_http_methods(["GET", "HEAD", "POST"])
def capture_text(request: StaffRequest, pk: int) -> HttpResponse:
    """Change the notes; what hangs on them moves along. The button "read" takes a document in, unsaved."""
    writeup = open_writeup(request, pk)
    initial = {"text": writeup.text, "revision": writeup.revision}
    form = NotesForm(request.POST if request.method == "POST" else None, initial=initial)
    if "read" in request.POST:
        return _with_document(request, writeup)
    if request.method == "POST" and form.is_valid():
        try:
            data = form.cleaned_data
            services.write_text(
                writeup=writeup, text=data["text"], revision=data["revision"], by=request.user
            )
        except NotesChanged as changed:
            return _both_texts(request, form, changed.writeup)
        return _after_writing(request, writeup)
    return _text_page(request, writeup, form)


def _text_page(
    request: StaffRequest,
    writeup: Writeup,
    form: NotesForm,
    document: DocumentForm | None = None,
    theirs: str | None = None,
) -> HttpResponse:
    """`theirs` is what somebody else wrote meanwhile."""
    context = {
        "writeup": writeup,
        "title": title_of(writeup),
        "form": form,
        "document": document or DocumentForm(),
        "theirs": theirs,
    }
    status = 200 if theirs is None else 409
    return render(request, "engagement/statements/text.html", context, status=status)


def _with_document(request: StaffRequest, writeup: Writeup) -> HttpResponse:
    """The field with the words of a document behind what was typed."""
    document = DocumentForm(request.POST, request.FILES)
    typed, read = request.POST.get("text", ""), ""
    if document.is_valid():
        try:
            read = text_of_document(document.cleaned_data["document"])
        except ValidationError as problem:
            document.add_error("document", problem)
    text = "\n\n".join(part for part in (typed, read) if part)
    revision = request.POST.get("revision", writeup.revision)
    return _text_page(request, writeup, NotesForm(initial={"text": text, "revision": revision}), document)


@requires("statements.change")
@require_POST
def capture_paste(request: StaffRequest) -> HttpResponse:
    """POST html, as it stands on a clipboard: its words as plain lines. Nothing is stored."""
    return HttpResponse(text_of_html(request.POST.get("html", "")), content_type="text/plain; charset=utf-8")


def _both_texts(request: StaffRequest, form: NotesForm, now: Writeup) -> HttpResponse:
    """What was typed stays in the field; how the notes are now stands beside it."""
    typed = {"text": form.cleaned_data["text"], "revision": now.revision}
    return _text_page(request, now, NotesForm(initial=typed), theirs=now.text)


def _after_writing(request: StaffRequest, writeup: Writeup) -> HttpResponse:
    doubts = writeup.statements.in_doubt().count()
    if doubts:
        messages.warning(request, _("The notes are saved. Say what these statements are now."))
        return redirect(f"{reverse('capture', args=[writeup.pk])}#doubts")
    messages.success(request, _("The notes are saved."))
    return redirect("capture", writeup.pk)


@requires("statements.change")
@require_http_methods(["GET", "HEAD", "POST"])
def capture_speaker(request: StaffRequest, pk: int) -> HttpResponse:
    """Add somebody who spoke; with the button "search" show the people found."""
    writeup = open_writeup(request, pk)
    speaker, chosen = Speaker(writeup=writeup), numbers_in(request.POST.getlist("contact"))
    found: dict[str, Any] = {"find": request.POST.get("find", ""), "chosen": chosen[0] if chosen else None}
    if request.method == "POST" and "search" not in request.POST:
        form = SpeakerForm(request.POST, instance=speaker, **found)
        if form.is_valid():
            add_speaker(speaker=form.save(commit=False), on=timezone.localdate())
            return redirect("capture", pk)
    else:
        names = ("find", "label", "sector")
        typed = {name: request.POST.get(name, "") for name in names} | {"contact": found["chosen"]}
        form = SpeakerForm(instance=speaker, initial=typed, **found)
    context = {"writeup": writeup, "title": title_of(writeup), "form": form}
    return render(request, "engagement/statements/speaker.html", context)


@requires("statements.change")
@require_POST
def speaker_remove(request: StaffRequest, pk: int) -> HttpResponse:
    """Only one who said nothing yet, so it can be added anew and does not ask first."""
    speaker = get_object_or_404(Speaker, pk=pk)
    writeup = open_writeup(request, speaker.writeup_id)
    try:
        remove_speaker(speaker=speaker)
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
    return redirect("capture", writeup.pk)
