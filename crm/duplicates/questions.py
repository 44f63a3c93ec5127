"""What is asked before two become one."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse

from crm.accounts.access import StaffRequest
from crm.base.asking import Question
from crm.duplicates import proposals, shown
from crm.duplicates.models import DuplicatePair, Noun


def about_contacts(request: StaffRequest, pk: int, other: int) -> Question:
    return _about(Noun.CONTACT, pk, other)


def about_organisations(request: StaffRequest, pk: int, other: int) -> Question:
    return _about(Noun.ORGANISATION, pk, other)


def _about(noun: str, pk: int, other: int) -> Question:
    if pk == other:
        raise Http404
    rows = proposals.MODELS[noun].objects
    kept, gone = get_object_or_404(rows, pk=pk), get_object_or_404(rows, pk=other)
    context = {"kept": kept, "gone": gone, "attached": shown.attached(gone)}
    return Question("crm/duplicates/ask_merge.html", reverse(f"{noun}_merge", args=[pk, other]), context)


def about_the_certain(request: StaffRequest) -> Question | None:
    noun = shown.noun_of(request.POST.get("noun", ""))
    pairs = DuplicatePair.objects.filter(noun=noun, state=DuplicatePair.State.OPEN, automatic=True)
    certain = min(pairs.count(), proposals.MOST_AT_ONCE)
    if not certain:
        return None
    back = f"{reverse('duplicate_list')}?noun={noun}"
    return Question("crm/duplicates/ask_certain.html", back, {"number": certain}, str(certain))
