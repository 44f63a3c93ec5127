"""Writing a mailing."""

from csp.decorators import csp_replace
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_POST

from crm.accounts.access import StaffRequest, requires
from crm.base.once import once
from crm.contacts.formality import Formality
from crm.contacts.models import Contact
from crm.directory.contacts.filters import ContactFilter
from crm.directory.segments.models import Segment
from crm.directory.segments.services import stored_query
from engagement.audiences.parts import Audience, Side
from engagement.compositions import checks, mails, services
from engagement.compositions.forms import (
    NewForm,
    ProofForm,
    WritingForms,
    rearranged,
    typed_blocks,
)
from engagement.compositions.models import LANGUAGES, Block, Composition
from engagement.mailings.kinds import KINDS, CannotBeMade
from engagement.mailings.models import Mailing, Message, Recipient
from engagement.mailings.services import MailingNotReady, preview
from engagement.mailings.views import PREVIEW_CSP, why_not_made

# As many can be chosen to look through the eyes of; the page of the mailing has them all.
READERS = 20
# A list of more people is written to as a selection: the page of the audience shows each one picked.
MOST_PICKED = 500


@requires("mailings.send")
@require_http_methods(["GET", "HEAD", "POST"])
@once
def composition_new(request: StaffRequest) -> HttpResponse:
    """With a filter or ?segment= in the address, as a list of contacts has it, it is to those people."""
    segment = Segment.objects.chosen_by(request.user, request.GET)
    listed = ContactFilter(request.GET, Contact.objects.all())
    to_list = bool(segment or stored_query(request.GET))
    if not listed.is_valid():
        return redirect(f"{reverse('contact_list')}?{request.GET.urlencode()}")
    found = listed.qs.count() if to_list and not segment else 0
    if found > MOST_PICKED:
        messages.info(request, _("To write to this many people, keep the list as a selection first."))
        return redirect(f"{reverse('segment_new')}?{stored_query(request.GET)}")
    typed = request.POST if request.method == "POST" else None
    form = NewForm(typed, initial={"kind": "newsletter"}, to_list=to_list)
    if request.method == "POST" and form.is_valid():
        audience = Audience(_side(segment, listed)) if to_list else None
        return redirect(services.start(**form.cleaned_data, audience=audience, by=request.user))
    context = {"form": form, "segment": segment, "found": found}
    return render(request, "engagement/compositions/new.html", context)


def _side(segment: Segment | None, listed: ContactFilter) -> Side:
    if segment:
        return Side(segments=[segment.pk])
    return Side(people=list(listed.qs.order_by().values_list("pk", flat=True)))


@requires("mailings.send")
@require_http_methods(["GET", "HEAD", "POST"])
def composition_edit(request: StaffRequest, pk: int) -> HttpResponse:
    """The words of a mailing. A button that moves, adds or removes a block keeps what was typed, unsaved."""
    composition = _composition(pk)
    if not services.may_change(composition.mailing):
        return _too_late(request, composition)
    moved = rearranged(request.POST) if request.method == "POST" else None
    if moved is not None:
        rows, touched = moved
        forms = WritingForms(composition, request.POST, rows)
        forms.focus(touched)
    else:
        forms = WritingForms(composition, request.POST if request.method == "POST" else None)
        if request.method == "POST" and forms.is_valid() and (done := _saved(request, forms)):
            return done
    return render(request, "engagement/compositions/form.html", _context(request, composition, forms))


@requires("mailings.send")
@require_POST
def composition_copy(request: StaffRequest, pk: int) -> HttpResponse:
    copied = services.copy(composition=_composition(pk), by=request.user)
    messages.success(request, _("This is the copy. Who gets it is still to be chosen."))
    return redirect(copied.mailing)


def _composition(pk: int) -> Composition:
    found = Composition.objects.with_content().select_related("mailing")
    return get_object_or_404(found, mailing=pk)


def _context(request: StaffRequest, composition: Composition, forms: WritingForms) -> dict[str, object]:
    mailing = composition.mailing
    readers = _readers(mailing)
    # Of words that are only typed yet, what was saved before says nothing.
    judged = request.method != "POST" and bool(composition.blocks.all())
    return {
        "mailing": mailing,
        "kind": KINDS[mailing.kind],
        "forms": forms,
        "proof": ProofForm(
            request.POST if request.method == "POST" else None, readers=readers, initial=_shown_first(readers)
        ),
        "kinds": Block.Kind.choices,
        "already_out": services.already_out(mailing),
        "problems": checks.problems(mailing) if judged else [],
        "warnings": checks.warnings(mailing) if judged else [],
    }


def _readers(mailing: Mailing) -> list[Recipient]:
    return list(mailing.recipients.filter(included=True).select_related("contact")[:READERS])


def _shown_first(readers: list[Recipient]) -> dict[str, object]:
    if not readers:
        return {"proof_language": (get_language() or "")[:2]}
    return {"proof_language": readers[0].contact.language, "proof_reader": readers[0].pk}


def _saved(request: StaffRequest, forms: WritingForms) -> HttpResponse | None:
    """Where to go after saving; None when it was refused, which the form then says."""
    composition = forms.head.instance
    try:
        services.save(composition=composition, blocks=forms.results())
    except services.NothingToChange:
        return _too_late(request, composition)
    except MailingNotReady as error:
        for problem in error.problems:
            forms.head.add_error(None, problem)
        return None
    messages.success(request, _("Saved."))
    return redirect(composition.mailing)


def _too_late(request: StaffRequest, composition: Composition) -> HttpResponse:
    messages.warning(request, _("Nobody would get a change of the text any more."))
    return redirect(composition.mailing)


@xframe_options_sameorigin
@csp_replace(PREVIEW_CSP)  # type: ignore[arg-type]  # its annotation knows no view with arguments
@requires("mailings.send")
@require_POST
def composition_proof(request: StaffRequest, pk: int) -> HttpResponse:
    """What is being written as a reader would get it. Nothing is stored."""
    composition = _composition(pk)
    composition.subject_nl = request.POST.get("subject_nl", "") or "—"
    composition.subject_nl_je = request.POST.get("subject_nl_je", "")
    if request.POST.get("formality") in Formality.values:
        composition.formality = request.POST["formality"]
    composition.subject_en = request.POST.get("subject_en", "") or "—"
    message = _to_look_at(request, composition.mailing)
    try:
        mail = mails.proof(message, composition, typed_blocks(request.POST))
    except CannotBeMade as error:
        return HttpResponse(why_not_made(error), content_type="text/plain; charset=utf-8")
    return HttpResponse(mail.html)


def _to_look_at(request: StaffRequest, mailing: Mailing) -> Message:
    language = request.POST.get("proof_language", "")
    language = language if language in LANGUAGES else LANGUAGES[0]
    chosen = request.POST.get("proof_reader", "")
    reader = next((one for one in _readers(mailing) if str(one.pk) == chosen), None)
    return preview(recipient=reader, language=language) if reader else mails.sample(mailing, language)
