"""The drawn parts of the look: icons, the four O's, names and permissions. Built into every template."""

from typing import TYPE_CHECKING, Any

from django import template
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from crm.accounts.roles import ROLE_NAMES, roles_of
from crm.base.menu import contact_actions, menu_entries
from crm.base.once import once_input
from crm.base.sectors import Sector
from crm.contacts.happenings import change_rows
from crm.directory.contacts.filters import filter_groups

if TYPE_CHECKING:
    from crm.accounts.models import User
    from crm.contacts.models import Contact
    from crm.timeline.models import TimelineEntry

register = template.Library()

# On a grid of 24. The letter is the same in every language; the word beside it is translated.
_SHAPES = {
    Sector.EDUCATION: ("W", SafeString('<circle cx="12" cy="12" r="11"/>')),
    Sector.RESEARCH: ("Z", SafeString('<path d="M12 .5 23.5 12 12 23.5.5 12Z"/>')),
    Sector.ENTREPRENEURS: ("N", SafeString('<rect x="1.5" y="1.5" width="21" height="21" rx="2.5"/>')),
    Sector.GOVERNMENT: (
        "V",
        SafeString(
            '<path d="M1.5 4A2.5 2.5 0 0 1 4 1.5h16A2.5 2.5 0 0 1 22.5 4v8c0 5.6-4.6 8.9-10.5 11.2'
            'C6.1 20.9 1.5 17.6 1.5 12Z"/>'
        ),
    ),
}
_ICON = '<svg class="icon" width="18" height="18" aria-hidden="true" focusable="false"><use href="{}"/></svg>'
_GLYPH = (
    '<svg class="glyph {}{}" width="20" height="20" viewBox="0 0 24 24" aria-hidden="true" focusable="false">'
    '{}<text x="12" y="16.4">{}</text></svg>'
)


@register.simple_tag
def icon(name: str) -> SafeString:
    """An icon of the sprite; it is decoration, so a word goes with it."""
    return format_html(_ICON, f"{static('icons/sprite.svg')}#{name}")


def _glyph(code: str, classes: str = "") -> SafeString:
    letter, shape = _SHAPES[Sector(code)]
    return format_html(_GLYPH, code, f" {classes}" if classes else "", shape, letter)


@register.simple_tag
def sector_glyph(code: str, classes: str = "") -> SafeString:
    """The drawn O with its word for screen readers. `classes`: "big", "nobody" (an empty form)."""
    word = Sector(code).label
    return format_html('{}<span class="visually-hidden">{}</span>', _glyph(code, classes), word)


@register.simple_tag
def sector_glyphs(codes: list[str]) -> SafeString:
    """The O's of somebody side by side, e.g. of `affiliation.sector_list`."""
    drawn = format_html_join(" ", "{}", ((sector_glyph(code),) for code in codes))
    return format_html('<span class="glyphs">{}</span>', drawn) if codes else drawn


@register.simple_tag
def sector_chip(code: str) -> SafeString:
    return format_html('<span class="chip {}">{} {}</span>', code, _glyph(code), Sector(code).label)


@register.simple_tag
def person_name(contact: "Contact") -> SafeString:
    """In reading order, the word that it is sorted by in bold: Jan van den <b>Berg</b>."""
    first = contact.given_name or contact.initials
    if not contact.family_name:
        return format_html('<span class="person"><b>{}</b></span>', first)
    before = "".join(f"{part} " for part in (first, contact.infix) if part)
    return format_html('<span class="person">{}<b>{}</b></span>', before, contact.family_name)


@register.simple_tag
def permission(allowed: bool | None, words: bool = False) -> SafeString:
    """Tick, cross with "no" or dash for yes, no and never asked; with `words` all three are written out."""
    name, state, word = {
        True: ("check", "yes", _("allowed")),
        False: ("x", "no", _("no")),
        None: ("minus", "open", _("not asked yet")),
    }[allowed]
    shown = "" if words or allowed is False else "visually-hidden"
    return format_html(
        '<span class="permission {}">{} <span class="{}">{}</span></span>', state, icon(name), shown, word
    )


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
