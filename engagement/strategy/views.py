"""Making and changing parts of the strategy, their order, their versions, and the tree as a file."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.accounts.access import StaffRequest, requires
from crm.base.asking import Question, asks
from crm.base.downloads import as_download
from crm.base.fields import numbers_in
from crm.base.once import once
from crm.base.writers import FORMATS
from engagement.strategy import services
from engagement.strategy.exports import tree_table
from engagement.strategy.forms import ItemForm, PlaceForm
from engagement.strategy.models import StrategyItem
from engagement.strategy.tree import path_of, whole
from engagement.strategy.versions import versions

Kind = StrategyItem.Kind
# In the session: where the part was that was moved last.
_MOVED = "strategy_moved"
TYPED = (
    *("parent", "title_nl", "title_en", "text_nl", "text_en", "owner", "aspect", "state", "progress"),
    *("stalled_since", "starts_on", "ends_on", "find"),
)


def _item(pk: int) -> StrategyItem:
    """With what it is part of and who carries it out."""
    rows = StrategyItem.objects.select_related("parent__parent", "owner", "owner_contact")
    return get_object_or_404(rows, pk=pk)


@requires("strategy.change")
@require_http_methods(["GET", "HEAD", "POST"])
@once
def strategy_new(request: StaffRequest) -> HttpResponse:
    """?under= says under what; without it a pillar is made."""
    keys = numbers_in([request.GET.get("under", "")])
    parent = _item(keys[0]) if keys else None
    below = {above: kind for kind, above in StrategyItem.UNDER.items()}
    kind = below.get(Kind(parent.kind) if parent else None)
    if kind is None:
        raise Http404
    return _edit(request, StrategyItem(kind=kind, parent=parent))


@requires("strategy.change")
@require_http_methods(["GET", "HEAD", "POST"])
def strategy_edit(request: StaffRequest, pk: int) -> HttpResponse:
    return _edit(request, _item(pk))


def _edit(request: StaffRequest, item: StrategyItem) -> HttpResponse:
    """Save, or with the button "search" show the people found and keep everything that was typed."""
    path = [*path_of(item), item] if item.pk else [*path_of(item)]
    form = _form(request, item)
    if request.method == "POST" and "search" not in request.POST and form.is_valid():
        saved = services.save_item(item=form.instance)
        messages.success(request, _("%(item)s is saved.") % {"item": saved})
        return redirect(saved)
    context = {"form": form, "item": item, "path": path, "back": item.get_absolute_url() if item.pk else ""}
    return render(request, "engagement/strategy/form.html", context)


def _form(request: StaffRequest, item: StrategyItem) -> ItemForm:
    if request.method != "POST":
        return ItemForm(instance=item, chosen=item.owner_contact_id)
    ticked = next(iter(numbers_in([request.POST.get("owner_contact", "")])), None)
    if "search" not in request.POST:
        return ItemForm(request.POST, instance=item, chosen=ticked)
    typed = {name: request.POST.get(name, "") for name in TYPED} | {"owner_contact": ticked}
    find, stamp = request.POST.get("find", ""), request.POST.get("stamp", "")
    chosen = ticked or item.owner_contact_id
    return ItemForm(instance=item, chosen=chosen, find=find, stamp=stamp, initial=typed)


@requires("strategy.change")
@require_safe
def strategy_order(request: StaffRequest) -> HttpResponse:
    """With a way back beside what was moved just now."""
    rows = [branch for pillar in whole() for branch in pillar.walk()]
    forms = [(row, _under(row.item, [other.item for other in rows])) for row in rows]
    moved = request.session.pop(_MOVED, None) if request.method == "GET" else None
    return render(request, "engagement/strategy/order.html", {"rows": forms, "moved": moved})


def _under(item: StrategyItem, others: list[StrategyItem]) -> list[StrategyItem]:
    """What else it can be under."""
    wanted = StrategyItem.UNDER[Kind(item.kind)]
    return [one for one in others if one.kind == wanted and one.pk != item.parent_id]


@requires("strategy.change")
@require_POST
def strategy_move(request: StaffRequest, pk: int) -> HttpResponse:
    """POST way=up or way=down, else parent=<key>: under that one, as the one with number=<n> there."""
    item = _item(pk)
    before, way = {"key": pk, "parent": item.parent_id, "number": item.number}, request.POST.get("way")
    form = PlaceForm(request.POST, item=item)
    if way in ("up", "down"):
        services.move_item(item=item, way="up" if way == "up" else "down")
    elif form.is_valid():
        services.place_item(item=item, **form.cleaned_data)
    else:
        messages.error(request, _("Choose what it goes under."))
    now = _item(pk)
    if (now.parent_id, now.number) != (before["parent"], before["number"]):
        request.session[_MOVED] = before
    return redirect(f"{reverse('strategy_order')}#part-{pk}")


def _deleting(request: StaffRequest, pk: int) -> Question | None:
    item = _item(pk)
    if services.uses_of(item):
        return None
    return Question("engagement/strategy/ask_delete.html", item.get_absolute_url(), {"item": item})


@requires("strategy.change")
@require_POST
@asks(_deleting)
def strategy_delete(request: StaffRequest, pk: int) -> HttpResponse:
    item = _item(pk)
    try:
        services.delete_item(item=item)
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
        return redirect(item)
    messages.success(request, _("%(item)s is deleted.") % {"item": item})
    return redirect("strategy_tree")


@requires("strategy.view")
@require_safe
def strategy_versions(request: StaffRequest, pk: int) -> HttpResponse:
    item = _item(pk)
    context = {"item": item, "path": [*path_of(item), item], "versions": versions(item)}
    return render(request, "engagement/strategy/versions.html", context)


@requires("strategy.change")
@require_safe
def strategy_export(request: StaffRequest, kind: str) -> HttpResponse:
    """The whole tree as a file that reads back as the same."""
    if kind not in FORMATS:
        raise Http404
    return as_download(tree_table(), FORMATS[kind], user=request.user)
