"""The drawn parts of the look."""

import re
from pathlib import Path

import pytest

from crm.base.happenings import KINDS
from crm.base.sectors import Sector
from crm.contacts.names import PersonName
from crm.templatetags import look

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = [path for folder in ("backend", "crm", "engagement") for path in (ROOT / folder).rglob("*.html")]
SECTORS = (ROOT / "backend/static/icons/sectors.svg").read_text(encoding="utf-8")
SPRITE = (ROOT / "backend/static/icons/sprite.svg").read_text(encoding="utf-8")
DRAWN = set(re.findall(r'<symbol id="([a-z0-9-]+)"', SPRITE))


def test_every_icon_named_anywhere_is_in_the_sprite():
    named = {name for path in TEMPLATES for name in re.findall(r'{% icon "([^"]+)"', path.read_text())}
    assert named | {kind.icon for kind in KINDS.values()} <= DRAWN


def test_sprite_holds_what_its_list_names():
    lines = (ROOT / "backend/static/icons/icons.txt").read_text(encoding="utf-8").splitlines()
    assert {line.split()[0] for line in lines if not line.startswith("#")} == DRAWN


# Mail programs know no style sheets, so mails have their styles with them.
@pytest.mark.parametrize(
    "path", [path for path in TEMPLATES if "mail" not in path.parts], ids=lambda path: path.name
)
def test_template_has_no_inline_script_or_style(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|<script(?![^>]* src=)|javascript:", text)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (PersonName(given_name="Jan", infix="van den", family_name="Berg"), "Jan van den <b>Berg</b>"),
        (PersonName(initials="J.P.", family_name="Oude Nijhuis"), "J.P. <b>Oude Nijhuis</b>"),
        (PersonName(given_name="Priya"), "<b>Priya</b>"),
        (PersonName(family_name="<i>"), "<b>&lt;i&gt;</b>"),
    ],
)
def test_name_has_its_sort_word_in_bold(name, shown):
    assert look.person_name(name) == shown


@pytest.mark.parametrize(("sector", "letter"), list(zip(Sector.values, "WZNV", strict=True)))
def test_each_o_has_its_letter_and_a_word(sector, letter):
    drawn = look.sector_glyph(sector)
    assert f'aria-label="{Sector(sector).label}"' in drawn
    assert f'/sectors.svg#{sector}"' in drawn
    assert re.search(rf'<symbol id="{sector}" .*>{letter}</text>', SECTORS)


@pytest.mark.parametrize(("allowed", "state"), [(True, "yes"), (False, "no"), (None, "open")])
def test_permission_is_never_a_mark_alone(allowed, state):
    drawn = look.permission(allowed)
    assert re.fullmatch(rf'<span class="permission {state}">[^<]+</span>', drawn)
