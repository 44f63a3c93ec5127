"""The drawn parts of the look: icons, the four O's, names and permissions. Built into every template."""

from typing import TYPE_CHECKING, Any

from django import template
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString

from crm.accounts.roles import ROLE_NAMES, roles_of
from crm.base.menu import contact_actions, menu_entries
from crm.base.once import once_input
from crm.base.sectors import Sector
from crm.contacts.happenings import change_rows
from crm.directory.contacts.filters import filter_groups
from crm.preferences.shown import said_permission

if TYPE_CHECKING:
    from crm.accounts.models import User
    from crm.contacts.models import Contact
    from crm.timeline.models import TimelineEntry

register = template.Library()

# Their sizes stand in the style sheet: a list of people draws hundreds of them.
_ICON = '<svg class="icon" aria-hidden="true"><use href="{}"/></svg>'
_GLYPH = '<svg class="glyph {}" {}><use href="{}#{}"/></svg>'


@register.simple_tag
def icon(name: str) -> SafeString:
    """An icon of the sprite; it is decoration, so a word goes with it."""
    return format_html(_ICON, f"{static('icons/sprite.svg')}#{name}")


def _glyph(code: str, classes: str, meaning: SafeString) -> SafeString:
    """The drawn O; `meaning` are the attributes that say it, or that it is decoration beside its word."""
    sector = Sector(code)
    return format_html(_GLYPH, f"{sector} {classes}".rstrip(), meaning, static("icons/sectors.svg"), sector)


@register.simple_tag
def sector_glyph(code: str, classes: str = "") -> SafeString:
    """The drawn O with its word for screen readers. `classes`: "big", "nobody" (an empty form)."""
    return _glyph(code, classes, format_html('role="img" aria-label="{}"', Sector(code).label))


@register.simple_tag
def sector_glyphs(codes: list[str]) -> SafeString:
    """The O's of somebody side by side, e.g. of `affiliation.sector_list`."""
    return format_html_join("", "{}", ((sector_glyph(code),) for code in codes))


@register.simple_tag
def sector_chip(code: str) -> SafeString:
    return format_html(
        '<span class="chip {}">{} {}</span>',
        code,
        _glyph(code, "", SafeString('aria-hidden="true"')),
        Sector(code).label,
    )


@register.simple_tag
def person_name(contact: "Contact") -> SafeString:
    """In reading order, the word that it is sorted by in bold: Jan van den <b>Berg</b>."""
    first = contact.given_name or contact.initials
    if not contact.family_name:
        return format_html("<b>{}</b>", first)
    before = "".join(f"{part} " for part in (first, contact.infix) if part)
    return format_html("{}<b>{}</b>", before, contact.family_name)


@register.simple_tag
def permission(allowed: bool | None, words: bool = False) -> SafeString:
    """Yes, no or never asked in a word; the style sheet draws a tick, a cross with the word "no", or a dash,
    and with `words` shows the others too.
    """
    state, word = said_permission(allowed)
    return format_html('<span class="permission {}{}">{}</span>', state, " words" if words else "", word)


@register.simple_tag
def timeline_sentence(entry: "TimelineEntry") -> SafeString:
    """What happened in one line; `words["title"]`, else the whole line, leads to `entry.address`."""
    words = {name: conditional_escape(value) for name, value in entry.spoken().items()}
    if entry.address and "title" in words:
        words["title"] = format_html('<a href="{}">{}</a>', entry.address, words["title"])
    line = SafeString(conditional_escape(str(entry.registered.phrase)) % words)
    if entry.address and "title" not in words:
        line = format_html('<a href="{}">{}</a>', entry.address, line)
    return format_html('<span class="by-person">{}</span>', line) if entry.registered.by_person else line


register.simple_tag(change_rows)
register.simple_tag(filter_groups)
register.simple_tag(once_input)


@register.simple_tag
def role_words(user: "User") -> str:
    """The widest role of `user` in words: "communications adviser"; "" without any."""
    return next((str(ROLE_NAMES[role]) for role in reversed(ROLE_NAMES) if role in roles_of(user)), "")


def _is_current(request: HttpRequest | None, sections: tuple[str, ...]) -> bool:
    match = getattr(request, "resolver_match", None)
    return bool(match and (match.url_name or "").split("_")[0] in sections)


@register.simple_tag(takes_context=True)
def navigation(context: dict[str, Any]) -> list[dict[str, Any]]:
    """The items of the rail that this user may open."""
    request = context.get("request")
    return [
        {
            "name": entry.page,
            "url": reverse(entry.page),
            "icon": entry.icon,
            "word": entry.word,
            "current": _is_current(request, entry.sections),
            "more": not entry.in_front,
        }
        for entry in menu_entries()
        if _may(context, entry.capability)
    ]


@register.simple_tag(takes_context=True)
def actions_on(context: dict[str, Any], contact: "Contact") -> list[dict[str, Any]]:
    """What this user can do with a contact beside changing it."""
    return [
        {"url": f"{reverse(one.page)}?contact={contact.pk}", "icon": one.icon, "word": one.word}
        for one in contact_actions()
        if _may(context, one.capability)
    ]


def _may(context: dict[str, Any], capability: str) -> bool:
    return not capability or context.get("may", {}).get(capability.replace(".", "_"), False)
