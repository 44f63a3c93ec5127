"""Offering tags while somebody types them."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from crm.accounts.access import StaffRequest, requires
from crm.base.text import fold
from crm.themes.models import Tag

_MOST_OFFERED = 20


@requires("contacts.view")
@require_safe
def tag_suggestions(request: StaffRequest) -> HttpResponse:
    """Options for the last of the words typed, each behind the earlier ones: a browser puts in all of it."""
    earlier, _, word = request.GET.get("tags", "").replace("\x00", "")[:2000].rpartition(",")
    taken = {fold(part) for part in earlier.split(",")}
    fitting = Tag.objects.filter(key__contains=fold(word)).exclude(key__in=taken)[:_MOST_OFFERED]
    start = f"{earlier}, " if earlier.strip() else ""
    offers = [f"{start}{tag}" for tag in fitting]
    return render(request, "crm/suggestions.html", {"offers": offers})
