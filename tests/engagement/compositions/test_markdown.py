"""A safe part of Markdown: what is allowed comes out in both forms, anything else stays as it was typed."""

import json
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engagement.compositions.markdown import (
    as_html,
    as_text,
    has_broken_link,
    items_as_html,
    items_as_text,
    links_in,
)

ALLOWED = {
    "p": {"style"},
    "a": {"href", "style"},
    "ul": {"style"},
    "ol": {"style", "start"},
    "li": {"style"},
    "em": set(),
    "strong": set(),
    "br": set(),
}


class _Look(HTMLParser):
    """Collects what a mail program would do something with."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.wrong: list[str] = []
        self.words = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name not in ALLOWED.get(tag, set()):
                self.wrong.append(f"{tag} {name}")
            if name == "href" and not (value or "").lower().startswith(("http://", "https://", "mailto:")):
                self.wrong.append(f"{tag} {value}")
        if tag not in ALLOWED:
            self.wrong.append(tag)

    def handle_data(self, data: str) -> None:
        self.words += data

    def handle_comment(self, data: str) -> None:
        self.wrong.append(f"comment {data}")

    def handle_decl(self, decl: str) -> None:
        self.wrong.append(f"declaration {decl}")

    def handle_pi(self, data: str) -> None:
        self.wrong.append(f"instruction {data}")


def wrong_in(text: str) -> list[str]:
    return _Look(as_html(text)).wrong + _Look(items_as_html(text)).wrong


def test_each_part_of_it_is_shown():
    paragraph = "Een *twee* **drie**\nvier [vijf](https://example.org/?a=1&b=2)."
    text = f"{paragraph}\n\n- zes\n- zeven\n\n3. acht\n4. negen"
    words = ["Een", "twee", "drie", "vier", "vijf.", "zes", "zeven", "acht", "negen"]
    assert _Look(as_html(text)).words.split() == words
    html = as_html(text)
    assert "<em>twee</em> <strong>drie</strong><br>" in html
    assert '<a href="https://example.org/?a=1&amp;b=2" style="color:#1c2130">vijf</a>' in html
    assert '<ol start="3" style="margin:0 0 16px;padding:0 0 0 24px">' in html
    assert as_text(text) == (
        "Een twee drie\nvier vijf (https://example.org/?a=1&b=2).\n\n- zes\n- zeven\n\n3. acht\n4. negen"
    )


def test_lists_within_lists_and_longer_items_are_indented():
    text = "- een\n  meer\n- twee\n  1. drie\n  2. vier\n\nvijf"
    assert as_text(text) == "- een\n  meer\n- twee\n  1. drie\n  2. vier\n\nvijf"


def test_address_that_is_its_own_word_is_not_said_twice():
    assert as_text("[https://example.org](https://example.org)") == "https://example.org"
    assert as_text("[info@example.org](mailto:info@example.org)") == "info@example.org"
    assert as_text("[Schrijf ons](mailto:info@example.org)") == "Schrijf ons (info@example.org)"


def test_long_paragraph_becomes_lines_that_a_mail_can_hold():
    sentence = "Er staat 🙂 een *woord* en een [link](https://example.org/een/lang/pad) in deze zin. "
    for html, text in (
        (as_html(sentence * 60), as_text(sentence * 60)),
        (items_as_html(sentence * 60), items_as_text(sentence * 60)),
    ):
        assert max(len(line.encode()) for line in (html + "\n" + text).splitlines()) < 500
        assert _Look(html).words.split() == _Look(as_html(sentence)).words.split() * 60
        assert text.removeprefix("- ").split() == as_text(sentence).split() * 60


def test_backslash_makes_a_sign_ordinary():
    assert (as_text(r"5\*4\*3"), as_text("5 * 4 * 3")) == ("5*4*3", "5 * 4 * 3")


def test_each_line_of_a_list_is_an_item():
    text = "- een **twee**\n\n* drie [vier](https://example.org)\n1. vijf"
    assert items_as_text(text) == "- een twee\n- drie vier (https://example.org)\n- 1. vijf"
    assert items_as_html(text).count("<li ") == 3


HOSTILE = [
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:msgbox(1))",
    "[x](file:///etc/passwd)",
    "[x](//example.org)",
    "[x](<javascript:alert(1)>)",
    '[x](https://example.org "t" onclick="alert(1)")',
    '[x](https://example.org"onmouseover="alert(1))',
    "[x][y]\n\n[y]: javascript:alert(1)",
    "<javascript:alert(1)>",
    "<script>alert(1)</script>",
    '<img src=x onerror="alert(1)">',
    "<svg/onload=alert(1)>",
    "![x](javascript:alert(1))",
    "<!-- comment --><![CDATA[x]]><?php x ?><!DOCTYPE x>",
    "<style>*{display:none}</style>",
    "</td></tr></table><h1>x",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "`<b>code</b>`",
    "**[x](https://example.org**)",
    "[[x](https://a.example)](https://b.example)",
    "* " * 300 + "x",
    "> " * 300 + "x",
    "[" * 3000,
    "*" * 3000,
    "a\x00b\x0bc\u2028d",
    "\ud800",
]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text)[:40])
def test_nothing_hostile_gets_through(text):
    assert wrong_in(text) == []
    assert isinstance(as_text(text) + items_as_text(text), str)


def test_what_is_not_let_through_stays_as_it_was_typed():
    for text in (
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "![x](data:x)",
        "# kop",
        "> x",
        "`x`",
    ):
        assert (_Look(as_html(text)).words, as_text(text)) == (text, text)


def test_naughty_strings_are_harmless(corpora: Path):
    texts = json.loads(next((corpora / "naughty-strings").glob("*.json")).read_text())
    assert len(texts) > 400
    tried = [
        form.format(text) for text in texts for form in ("{}", "[x]({})", "[{}](https://example.org)", "- {}")
    ]
    assert [text for text in tried if wrong_in(text)] == []
    assert all(isinstance(as_text(text) + items_as_text(text), str) for text in tried)


PIECES = [*"ab*_-[]()<>\\!'\"&#:/.1 \n\t", "javascript:", "https://a.nl"]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES)).map("".join))
def test_any_mixture_is_harmless_and_keeps_its_words(text):
    assert wrong_in(text) == []
    if "](" not in text:
        assert (_Look(as_html(text)).words.count("b"), as_text(text).count("b")) == (text.count("b"),) * 2


def test_links_are_found_whatever_their_kind():
    text = "[a](https://a.nl) *[b](javascript:x)*\n\n- [c](www.c.nl)"
    assert links_in(text) == ["https://a.nl", "javascript:x", "www.c.nl"]


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        ("[a](https://a.nl)", False),
        ("[a](https://a .nl)", True),
        ("[a](https://a.nl", True),
        ("[a] (https://a.nl)", False),
        ("a](b", True),
    ],
)
def test_link_that_is_not_written_as_one_is_noticed(text, broken):
    assert has_broken_link(text) is broken
