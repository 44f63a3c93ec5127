"""Writing XML of the REFI-QDA standard 1.5: keys, texts and the tree of codes that both of its files hold."""

import re
from collections.abc import Iterable
from uuid import NAMESPACE_URL, UUID, uuid5
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from django.conf import settings
from django.utils import timezone

from engagement.codes.models import Code
from engagement.codes.tree import Branch, in_order

ORIGIN = "Kwartet"
# What XML 1.0 cannot hold (section 2.2).
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def guid(kind: str, key: object) -> str:
    """The same for the same thing of this Kwartet, now and later."""
    return str(uuid5(uuid5(NAMESPACE_URL, settings.BASE_URL), f"{kind}:{key}")).upper()


def guid_of(uuid: UUID) -> str:
    return str(uuid).upper()


def moment() -> str:
    return timezone.now().strftime("%Y-%m-%dT%H:%M:%SZ")


def plain(text: str) -> str:
    """`text` without characters that no XML can hold."""
    return _NO_XML.sub("", text)


def add(parent: Element, tag: str, /, **attributes: str) -> Element:
    return SubElement(parent, tag, {key: plain(value) for key, value in attributes.items()})


def describe(parent: Element, text: str) -> None:
    if text:
        SubElement(parent, "Description").text = plain(text)


def add_code(parent: Element, kind: str, key: object, name: str, *, codable: bool = True) -> Element:
    return add(parent, "Code", guid=guid(kind, key), name=name, isCodable=str(codable).lower())


def add_codes(parent: Element, branches: Iterable[Branch]) -> None:
    """The tree of codes, each inside the one that it is part of."""
    above = [parent]
    for branch in branches:
        del above[branch.depth + 1 :]
        code = add_code(above[-1], "code", branch.code.pk, branch.code.name)
        describe(code, branch.code.description)
        above.append(code)


def add_sets_of_themes(parent: Element, branches: Iterable[Branch], member: str) -> None:
    """A set for each theme, of the codes that hang on it; `member` is the attribute that names one."""
    themes: dict[int, list[Code]] = {}
    names: dict[int, str] = {}
    for branch in branches:
        if branch.theme is not None:
            themes.setdefault(branch.theme, []).append(branch.code)
        if branch.code.theme:
            names[branch.code.theme.pk] = str(branch.code.theme)
    if themes:
        sets = add(parent, "Sets")
        for theme, codes in sorted(themes.items()):
            one = add(sets, "Set", guid=guid("theme", theme), name=names[theme])
            for code in codes:
                add(one, "MemberCode", **{member: guid("code", code.pk)})


def codebook() -> bytes:
    """The codes as a codebook (.qdc, section 5.2); b"" when there are none, since it cannot be empty."""
    branches = in_order()
    if not branches:
        return b""
    root = Element("CodeBook", {"xmlns": "urn:QDA-XML:codebook:1.0", "origin": ORIGIN})
    add_codes(add(root, "Codes"), branches)
    add_sets_of_themes(root, branches, "guid")
    return as_bytes(root)


def as_bytes(root: Element) -> bytes:
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))
