"""Address cards become rows that the import understands."""

from pathlib import Path

import pytest

from tests.crm.imports.plans import make_plan
from tests.crm.imports.workbooks import printed

CARDS = """\
BEGIN:VCARD
VERSION:3.0
N:van den Berg;Jan;;drs.;MSc
FN:drs. Jan van den Berg MSc
ORG:Saxion\\, hogeschool;Lectoraat
TITLE:Docent\\, lector
item1.EMAIL;type=INTERNET;type=pref:jan@exa
 mple.org
EMAIL;type=HOME:thuis@example.org
TEL;type=CELL:06-12345678
TEL;type=WORK,FAX:053-4801235
TEL;type=WORK:053-4801234
ADR;type=HOME:;;Thuisstraat 1;Goor;;7471 AA;Nederland
ADR;type=WORK:;;Drienerlolaan 5;Enschede;;7522 NB;Nederland
END:VCARD
BEGIN:VCARD
VERSION:2.1
N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller;Zo=C3=
=AB;;;
TEL;CELL;PREF:+31612345679
END:VCARD
BEGIN:VCARD
VERSION:4.0
FN:Özgür de Yıldız
TEL;VALUE=uri;TYPE="voice,cell":tel:+31-6-1234-5670
END:VCARD
"""


@pytest.mark.django_db
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_cards_of_three_versions(encoding: str) -> None:
    plan = make_plan(CARDS.replace("\n", "\r\n").encode(encoding), "kaarten.vcf")
    names = ("titles_before", "given_name", "infix", "family_name", "titles_after", "mobile")
    assert [tuple(row.values[name] for name in names) for row in plan.rows] == [
        ("drs.", "Jan", "van den", "Berg", "MSc", "+31612345678"),
        ("", "Zoë", "", "Müller", "", "+31612345679"),
        ("", "Özgür", "de", "Yıldız", "", "+31612345670"),
    ]
    first = plan.rows[0].values
    assert (first["organisation"], first["job_title"]) == ("Saxion, hogeschool", "Docent, lector")
    assert (first["email"], first["other_emails"]) == ("jan@example.org", ["thuis@example.org"])
    assert first["phone"] == "+31534801234"
    assert [row.number for row in plan.rows] == [1, 16, 22]


def test_every_address_is_kept(tmp_path: Path) -> None:
    line = printed(tmp_path, CARDS.encode(), "kaarten.vcf")[1]
    assert "Drienerlolaan 5,7522 NB,Enschede" in line
    assert '"Thuisstraat 1, 7471 AA, Goor, Nederland"' in line
