"""Browser and server end sentences at the same places; an empty page with the module is all it takes."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from django.utils.html import json_script
from playwright.sync_api import Page

from bench.sentences import paragraphs
from engagement.statements.sentences import RULE, sentences

pytestmark = pytest.mark.browser

MODULE = Path(__file__).resolve().parents[2] / "backend" / "static" / "js" / "sentences.js"
CUT = """async ([source, texts]) => {
  const { sentences } = await import(`data:text/javascript,${encodeURIComponent(source)}`);
  return texts.map(sentences);
}"""
OURS = [
    "😀 Ja. 𝐀 is er.\nNee!?Jawel. 'S ochtends",
    "A.\u0085B.\u2028C.\u00a0D.\ufeffE.\u200bF.\x1cG.\x0bH.",
    "",
    " \r\n ",
]


def test_browser_cuts_as_the_server_does(corpora: Path, open_page: Callable[..., Page]) -> None:
    texts = [text for half in ("seen", "unseen") for text, _ in paragraphs(corpora, half)]
    naughty = json.loads((corpora / "naughty-strings" / "blns.json").read_text())
    texts += [*OURS, *naughty, "\n".join(naughty), " ".join(naughty), "".join(f"{one}. A" for one in naughty)]
    page = open_page(390)
    page.set_content(json_script(RULE, "sentence-rule"))
    found = page.evaluate(CUT, [MODULE.read_text(), texts])
    assert found == [[list(span) for span in sentences(text)] for text in texts]
