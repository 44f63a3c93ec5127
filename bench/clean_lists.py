"""Clean lists of made people in the layouts of offices: who they are is known, and none is doubtful."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

from bench.made_contacts import Maker
from crm.contacts.infixes import capitalised, join_infix

_JOBS = ["directeur", "docent", "adviseur", "wethouder", "projectleider", "lector", "beleidsmedewerker"]
_SECTORS = {
    "Onderwijs": "education",
    "Onderzoek": "research",
    "Ondernemers": "entrepreneurs",
    "Overheid": "government",
}
_FORMS = {"Dhr.": "heer", "Mevr.": "mevrouw"}


@dataclass(frozen=True)
class Person:
    given: str
    initials: str
    infix: str
    family: str
    organisation: str
    job: str
    sector: str
    form: str
    email: str
    mobile: str

    @property
    def last(self) -> str:
        return join_infix(self.infix, self.family)

    @property
    def whole(self) -> str:
        return f"{self.given} {self.last}"

    @property
    def listed(self) -> str:
        return f"{self.family}, {self.given} {self.infix}".strip()


# The headings, the cells of a person, and what of a person a row of this layout tells.
Layout = tuple[str, Callable[[Person], list[str]], str]


def people(corpora: Path, count: int, seed: int = 11) -> list[Person]:
    """`count` people with different names, in the order of their organisations."""
    maker, chance = Maker(corpora, seed), Random(seed)
    records, _who = maker.contacts(3 * count, twice=0)
    found: dict[str, Person] = {}
    for number, one in enumerate(records):
        if one.given and one.organisation and len(found) < count:
            initials = one.initials or f"{one.given[0]}."
            address = f"p{number}@post.example.org"
            mobile = f"06{chance.randrange(10**7, 10**8):08}"
            rest = (chance.choice(_JOBS), chance.choice(list(_SECTORS)), chance.choice(list(_FORMS)))
            person = Person(
                one.given, initials, one.infix, one.family, one.organisation, *rest, address, mobile
            )
            found.setdefault(person.whole.lower(), person)
    return sorted(found.values(), key=lambda person: person.organisation)


def _cross(person: Person) -> list[str]:
    return ["x" if sector == person.sector else "" for sector in _SECTORS]


_CROSSES = ";".join(_SECTORS)
LAYOUTS: dict[str, Layout] = {
    "columns": (
        "Voornaam;Tussenvoegsel;Achternaam;Organisatie;Functie;E-mail;Mobiel",
        lambda p: [p.given, p.infix, p.family, p.organisation, p.job, p.email, p.mobile],
        "given infix family organisation job email mobile",
    ),
    "infix inside": (
        "Voornaam;Achternaam;Organisatie;E-mail",
        lambda p: [p.given, p.last, p.organisation, p.email],
        "given infix family organisation email",
    ),
    "one cell": (
        "Naam;Organisatie;E-mail",
        lambda p: [p.whole, p.organisation, p.email],
        "given infix family organisation email",
    ),
    "surname first": (
        "Naam;Organisatie;E-mail",
        lambda p: [p.listed, p.organisation, p.email],
        "given infix family organisation email",
    ),
    "capitals": (
        "Naam;E-mail",
        lambda p: [f"{capitalised(p.infix, p.family).upper()}, {p.given}", p.email],
        "given infix email",
    ),
    "forms": (
        "Naam;Organisatie;E-mail",
        lambda p: [f"{p.form} {p.initials} {p.last}", p.organisation, p.email],
        "initials infix family organisation email form",
    ),
    "group words": (
        "Persoon voornaam;Persoon tussenvoegsel;Persoon achternaam;Persoon e-mail;Werk functie;Bedrijf naam",
        lambda p: [p.given, p.infix, p.family, p.email, p.job, p.organisation],
        "given infix family email job organisation",
    ),
    "two heading rows": (
        "Persoon;;;Werk;\nVoornaam;Tussenvoegsel;Achternaam;Organisatie;E-mail",
        lambda p: [p.given, p.infix, p.family, p.organisation, p.email],
        "given infix family organisation email",
    ),
    "attention": (
        "Bedrijf;T.a.v.;E-mail",
        lambda p: [p.organisation, f"{p.form} {p.initials} {p.last}", p.email],
        "organisation form initials infix family email",
    ),
    "function behind": (
        "Organisatie;Naam (functie);E-mail",
        lambda p: [p.organisation, f"{p.whole} ({p.job})", p.email],
        "given infix family organisation job email",
    ),
    "crosses": (
        f"Naam;E-mail;{_CROSSES}",
        lambda p: [p.whole, p.email, *_cross(p)],
        "given infix family email sector",
    ),
    "sections": (
        "Naam;Functie;E-mail",
        lambda p: [p.whole, p.job, p.email],
        "given infix family organisation job email",
    ),
    "English": (
        "First Name;Last Name;Company;Position;Email Address",
        lambda p: [p.given, p.last, p.organisation, p.job, p.email],
        "given infix family organisation job email",
    ),
    "Google": (
        "Name;Given Name;Family Name;E-mail 1 - Value;Organization 1 - Type;Organization 1 - Name",
        lambda p: [p.whole, p.given, p.last, p.email, "Work", p.organisation],
        "given infix family organisation email",
    ),
    "degrees": (
        "First Name;Last Name;Email Address",
        lambda p: [p.given, f"{p.last}, MSc", p.email],
        "given infix family email",
    ),
}


def clean_list(name: str, everybody: list[Person]) -> bytes:
    """The list in that layout, as a file."""
    headings, cells, _told = LAYOUTS[name]
    out = io.StringIO()
    out.write(headings + "\n")
    csv.writer(out, delimiter=";").writerows(_rows(name, everybody, cells))
    return out.getvalue().encode()


def _rows(
    name: str, everybody: Iterable[Person], cells: Callable[[Person], list[str]]
) -> Iterator[list[str]]:
    above = ""
    for person in everybody:
        if name == "sections" and person.organisation != above:
            above = person.organisation
            yield [above, "", ""]
        yield cells(person)


def is_right(name: str, person: Person, values: dict[str, object]) -> bool:
    """Whether the values of a row are what its layout tells of the person."""
    wanted = {
        "given": ("given_name", person.given),
        "initials": ("initials", person.initials),
        "infix": ("infix", person.infix),
        "family": ("family_name", person.family),
        "organisation": ("organisation", person.organisation),
        "job": ("job_title", person.job),
        "sector": ("sector", _SECTORS[person.sector]),
        "form": ("form_of_address", _FORMS[person.form]),
        "email": ("email", person.email),
        "mobile": ("mobile", "+31" + person.mobile[1:]),
    }
    return all(values[wanted[part][0]] == wanted[part][1] for part in LAYOUTS[name][2].split())
