"""The list that is imported: 12 columns as a colleague keeps them, of people who never existed."""

import csv
from collections.abc import Iterator
from pathlib import Path
from random import Random

from openpyxl import Workbook

from bench.made_contacts import Maker

HEADINGS = [
    *("Voornaam", "Tussenvoegsel", "Achternaam", "Organisatie", "Functie", "Sector"),
    *("E-mail", "Mobiel", "Telefoon", "Tags", "Uitnodigen", "Nieuwsbrief"),
]
_JOBS = ["directeur", "docent", "adviseur", "wethouder", "projectleider", "lector", "beleidsmedewerker"]
_SECTORS = ["onderwijs", "onderzoek", "ondernemers", "overheid"]
TAGS = ["alumni", "netwerk", "gebouw", "stage", "lezing", "robotica", "chips", "fotonica"]
_ANSWERS = ["ja", "ja", "nee", "", "", ""]


def made_rows(corpora: Path, count: int, seed: int = 7) -> Iterator[list[str]]:
    """`count` different people: each has an address of their own, two in five have no mobile number."""
    maker, chance = Maker(corpora, seed), Random(seed)
    records, _who = maker.contacts(count, twice=0)
    for number, record in enumerate(records):
        mobile = f"06-{chance.randrange(10**7, 10**8):08}" if chance.random() < 0.6 else ""
        phone = f"0{record.phone[1:3]}-{record.phone[3:]}" if record.phone[:2] not in ("", "06") else ""
        yield [
            record.given or record.initials,
            record.infix,
            record.family,
            record.organisation,
            chance.choice(_JOBS) if record.organisation else "",
            chance.choice(_SECTORS) if record.organisation else "",
            f"p{number}.{record.email or 'x@post.example.org'}",
            mobile,
            phone,
            "; ".join(chance.sample(TAGS, chance.choice([0, 1, 1, 2]))),
            chance.choice(_ANSWERS),
            chance.choice(_ANSWERS),
        ]


def write_csv(path: Path, rows: list[list[str]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, delimiter=";").writerows([HEADINGS, *rows])


def write_xlsx(path: Path, rows: list[list[str]]) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Lijst")
    for row in [HEADINGS, *rows]:
        sheet.append(row)
    book.save(path)
