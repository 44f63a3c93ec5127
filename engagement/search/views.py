"""The page that searches everything; the dialog asks it for the results only."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from crm.accounts.access import logged_in
from crm.accounts.models import User
from engagement.search.forms import SearchForm
from engagement.search.providers import search


@logged_in
@require_safe
@vary_on_headers("HX-Request")
def search_page(request: HttpRequest) -> HttpResponse:
    """For whoever has an account: each kind of result says itself who may see it."""
    form = SearchForm(request.GET)
    text = form.cleaned_data["q"] if form.is_valid() else ""
    groups = search(text, cast(User, request.user))
    context = {"form": form, "text": text, "groups": groups, "found": sum(len(one.hits) for one in groups)}
    part = "results" if request.headers.get("HX-Request") else "search"
    return render(request, f"engagement/search/{part}.html", context)
