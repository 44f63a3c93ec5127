"""What the documents name exists: links, pictures, environment variables and commands."""

import re
from pathlib import Path

import polib
import pytest
from django.core.management import get_commands

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
# Read by the shell in Procfile, not by Python.
OF_THE_PROCFILE = {"PORT", "WEB_CONCURRENCY", "WORKER_CONCURRENCY"}
READ = re.compile(r"""(?:values|environ)(?:\.get\(|\[)["']([A-Z_]+)["']""")


def names(paths: list[Path]) -> list[str]:
    return [str(path.relative_to(ROOT)) for path in paths]


def targets(document: Path) -> list[str]:
    """What it links to or shows, but for addresses elsewhere."""
    text = re.sub(r"```.*?```", "", document.read_text(encoding="utf-8"), flags=re.DOTALL)
    found = re.findall(r"\]\(([^)\s]+)\)", text) + re.findall(r'<img src="([^"]+)"', text)
    return [target for target in found if not re.match(r"\w+:", target)]


def anchors(document: Path) -> set[str]:
    """The headings, as forges turn them into anchors."""
    headings = re.findall(r"^#+ (.+)$", document.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=names(DOCUMENTS))
def test_every_link_and_picture_exists(document: Path) -> None:
    lost = []
    for target in targets(document):
        path, _, anchor = target.partition("#")
        file = (document.parent / path).resolve() if path else document
        if not file.exists() or (anchor and anchor not in anchors(file)):
            lost.append(target)
    assert lost == []


def test_every_picture_is_shown() -> None:
    shown = {
        (document.parent / target).resolve()
        for document in DOCUMENTS
        for target in targets(document)
        if target.endswith(".png")
    }
    pictures = set((ROOT / "docs" / "pictures").rglob("*.png"))
    assert pictures == shown
    assert sum(picture.stat().st_size for picture in pictures) < 6_500_000


def test_both_guides_have_the_same_parts() -> None:
    parts = [
        re.findall(r"^(#+) |^!\[.*/(.+\.png)|^<img.*?/([\w-]+\.png)|^(\|)", text, flags=re.MULTILINE)
        for text in (
            (ROOT / "docs" / "guide" / f"{code}.md").read_text(encoding="utf-8") for code in ("nl", "en")
        )
    ]
    assert parts[0] == parts[1]


def documented_variables() -> set[str]:
    rows = re.findall(
        r"^\| (`[A-Z].*?) \|", (ROOT / "docs" / "operations.md").read_text(), flags=re.MULTILINE
    )
    return {name for row in rows for name in re.findall(r"`([A-Z_]+)`", row)}


def test_environment_table_has_exactly_what_is_read() -> None:
    read = {
        name
        for module in ("environment.py", "settings.py")
        for name in READ.findall((ROOT / "backend" / module).read_text())
    }
    procfile = set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "Procfile").read_text()))
    assert procfile == OF_THE_PROCFILE
    assert documented_variables() == read | procfile


@pytest.mark.parametrize("document", DOCUMENTS, ids=names(DOCUMENTS))
def test_every_command_named_exists(document: Path) -> None:
    named = set(re.findall(r"manage\.py (\w+)", document.read_text(encoding="utf-8")))
    assert named - set(get_commands()) == set()


def test_every_make_target_named_exists() -> None:
    known = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))
    text = "".join(document.read_text(encoding="utf-8") for document in DOCUMENTS)
    named = set(re.findall(r"(?:`|^)(?:\w+=\w+ )?make ([\w-]+)", text, flags=re.MULTILINE))
    assert named <= known


@pytest.mark.parametrize("code", ["nl", "en"])
def test_words_of_the_screen_in_the_guide_stand_on_the_screen(code: str) -> None:
    """In the guides italics are for what a page says, in its language; "…" for a number or a name."""
    catalogue = polib.pofile(str(ROOT / "backend" / "locale" / "nl" / "LC_MESSAGES" / "django.po"))
    on_screen = set()
    for entry in catalogue:
        plural = entry.msgstr_plural.values() if code == "nl" else [entry.msgid_plural]
        single = entry.msgstr if code == "nl" else entry.msgid
        on_screen |= {re.sub(r"%\(\w+\)\w|%\w", "…", text).lower() for text in (single, *plural)}
    text = (ROOT / "docs" / "guide" / f"{code}.md").read_text(encoding="utf-8")
    italics = re.findall(r"(?<!\*)\*([^*]+)\*(?!\*)", text.replace("**", ""))
    assert [
        " ".join(words.split()) for words in italics if " ".join(words.split()).lower() not in on_screen
    ] == []
