"""Dutch contacts that never existed, some of them two to four times with the errors that people make.

On these the threshold of the duplicates was fixed, and with these 100,000 contacts are timed. The names are
those of the corpora nl-faker and nl-surnames; the addresses are under example.org.
"""

import csv
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from crm.contacts.infixes import split_infix
from crm.duplicates.records import Record

_STREETS = ["dorps", "kerk", "molen", "school", "stations", "markt", "haven", "linden", "eiken", "beuken"]
_STREETS += ["nieuw", "hoofd", "brug", "tuin", "park", "veld", "oranje", "wilhelmina", "juliana", "beatrix"]
_STREETS += ["rembrandt", "mozart", "tulpen", "rozen", "vlinder", "leeuwerik", "merel", "zwaluw", "berg"]
_KINDS = ["straat", "straat", "straat", "laan", "weg", "plein", "kade", "hof", "pad", "singel"]
_WORK = ["advies", "bouw", "zorg", "techniek", "onderwijs", "cultuur", "energie", "wonen", "transport"]
_WORK += ["media", "sport", "landbouw"]
_FORMS = [
    "Stichting {place} {work}",
    "{name} {work} BV",
    "{name} Groep",
    "Gemeente {place}",
    "{work} {place}",
]
_SHARED_MAILBOXES = ["info", "secretariaat", "contact"]
_KEYBOARD = {"a": "sq", "e": "rw", "i": "uo", "n": "mb", "s": "ad", "t": "ry", "o": "ip", "r": "et", "m": "n"}
_COPIED_FIELDS = ["given", "family", "street", "number", "postcode", "city", "email", "phone", "organisation"]


@dataclass(frozen=True)
class _Place:
    """Where somebody lives or works; shared by a household or by colleagues."""

    street: str
    number: str
    postcode: str
    city: str
    phone: str
    organisation: str = ""
    domain: str = ""


class Maker:
    def __init__(self, corpora: Path, seed: int) -> None:
        self.chance = Random(seed)
        faker = json.loads((corpora / "nl-faker" / "faker_nl_NL.json").read_text())
        self.given = faker["first_names_male"] + faker["first_names_female"]
        self.given_weights = [1 / (1 + rank % 251) ** 0.6 for rank in range(len(self.given))]
        self.cities = faker["cities"]
        self.city_weights = [
            1 / (1 + (rank * 7919) % len(self.cities)) ** 0.8 for rank in range(len(self.cities))
        ]
        folder = corpora / "nl-surnames"
        with (folder / "top_1000_last_names_in_the_netherlands_2007.csv").open(newline="") as lines:
            top = [(row["natural name"], int(row["count in 2007"])) for row in csv.DictReader(lines)]
        self.common, self.common_weights = zip(*top, strict=True)
        self.rare = (folder / "family_names_freq_5_or_more.lst").read_text().split("\n")[:-1]

    def contacts(
        self, count: int, twice: float = 0.12, *, copied: bool = False
    ) -> tuple[list[Record], list[int]]:
        """(records, the number of the person each is about), shuffled; `twice` of the people occur again.

        They occur as somebody else knew them (moved, another job, initials only), or, with `copied`, as the
        same form was typed over, with errors in any field.
        """
        again = self._copied if copied else self._again
        places = [self._office() for _ in range(max(count // 12, 3))]
        found: list[tuple[Record, int]] = []
        person = 0
        while len(found) < count:
            for record in self._people(places):
                copies = self.chance.choice([1, 1, 1, 2, 3]) if self.chance.random() < twice else 0
                found.append((record, person))
                found += [(again(record), person) for _ in range(copies)]
                person += 1
        self.chance.shuffle(found)
        return [record for record, _person in found[:count]], [who for _record, who in found[:count]]

    def _people(self, places: list[_Place]) -> list[Record]:
        """One person, or now and then two of one household."""
        at_work = self.chance.random() < 0.6
        place = self.chance.choice(places) if at_work else self._home()
        first = self._person(place)
        if at_work or self.chance.random() > 0.05:
            return [first]
        partner = self._person(place)
        same_name = self.chance.random() < 0.6
        return [first, replace(partner, family=first.family, infix=first.infix) if same_name else partner]

    def _person(self, place: _Place) -> Record:
        given = self.chance.choices(self.given, self.given_weights)[0]
        whole = self._family()
        infix, family = split_infix(whole)
        plain = "".join(char for char in family.lower() if char.isascii() and char.isalpha())
        local = self.chance.choice([f"{given[0]}.{plain}", f"{given}.{plain}", f"{given}{plain[:1]}", plain])
        local += "" if place.domain else str(self.chance.randrange(100))
        shared = place.domain and self.chance.random() < 0.1
        mailbox = self.chance.choice(_SHARED_MAILBOXES) if shared else local.lower()
        email = f"{mailbox}@{place.domain or self._provider()}"
        mobile = f"06{self.chance.randrange(10**8):08}"
        record = Record(
            given=given,
            family=family,
            infix=infix,
            initials=f"{given[0]}."
            + (f"{self.chance.choice('ABCEHJMPW')}." if self.chance.random() < 0.4 else ""),
            organisation=place.organisation,
            street=place.street,
            number=place.number,
            postcode=place.postcode,
            city=place.city,
            phone=mobile if self.chance.random() < 0.6 else place.phone,
            email=email,
        )
        return self._with_gaps(record)

    def _with_gaps(self, record: Record, more: float = 1.0) -> Record:
        rates = {"given": 0.12, "initials": 0.5, "organisation": 0.15, "phone": 0.35, "email": 0.2}
        gaps = {field: "" for field, rate in rates.items() if self.chance.random() < rate * more}
        if self.chance.random() < 0.4 * more:
            gaps |= {"street": "", "number": "", "postcode": ""}
        if "given" in gaps:
            gaps.pop("initials", None)
        return replace(record, **gaps)

    def _family(self) -> str:
        if self.chance.random() < 0.7:
            return str(self.chance.choices(self.common, self.common_weights)[0])
        return self.chance.choice(self.rare)

    def _provider(self) -> str:
        return self.chance.choice(["post.example.org", "mail.example.org", "thuis.example.org"])

    def _home(self) -> _Place:
        street = self.chance.choice(_STREETS).capitalize() + self.chance.choice(_KINDS)
        if self.chance.random() < 0.3:
            street = self.chance.choice(self.rare).split()[-1].capitalize() + self.chance.choice(_KINDS)
        number = str(int(self.chance.expovariate(1 / 40)) + 1) + self.chance.choice(["", "", "", "", "a"])
        letters = "".join(self.chance.choices("ABCDEFGHKLMNPRSTVWXZ", k=2))
        postcode = f"{self.chance.randrange(1000, 9999)} {letters}"
        city = self.chance.choices(self.cities, self.city_weights)[0]
        return _Place(street, number, postcode, city, f"0{self.chance.randrange(10**8, 9 * 10**8)}")

    def _office(self) -> _Place:
        home = self._home()
        form = self.chance.choice(_FORMS)
        parts = {"place": home.city, "name": self._family(), "work": self.chance.choice(_WORK)}
        name = form.format(**parts)
        domain = "".join(char for char in name.lower() if char.isascii() and char.isalnum()) + ".example.org"
        return replace(home, organisation=name, domain=domain)

    def _again(self, record: Record) -> Record:
        """The same person as somebody else typed it, from memory or from a card."""
        changes = self.chance.choice([0, 1, 1, 2, 2, 3, 4])
        for change in self.chance.sample(self._changes(), k=changes):
            record = change(record)
        again = self._with_gaps(record, more=0.7)
        return again if again.family or again.given or again.initials else record

    def _copied(self, record: Record) -> Record:
        """Typed over with a few errors: letters, words run together, values left out or from another line."""
        filled = [field for field in _COPIED_FIELDS if getattr(record, field)]
        for field in self.chance.choices(filled, k=self.chance.choice([0, 1, 1, 2, 2, 3, 4])):
            kind = self.chance.random()
            text = getattr(record, field)
            if kind < 0.55:
                for _ in range(self.chance.choice([1, 1, 1, 2, 3])):
                    text = self._typo(text)
            elif kind < 0.65:
                text = self._split(text)
            elif kind < 0.85:
                text = "" if field not in ("family", "city") else text
            else:
                text = getattr(self._person(self._home()), field) or text
            record = replace(record, **{field: text})
        if self.chance.random() < 0.05:
            record = replace(record, given=record.family, family=record.given)
        return record

    def _split(self, text: str) -> str:
        if " " in text:
            return text.replace(" ", "", 1)
        at = self.chance.randrange(len(text) + 1)
        return f"{text[:at]} {text[at:]}".strip()

    def _changes(self) -> list[Callable[[Record], Record]]:
        def typo_in(field: str) -> Callable[[Record], Record]:
            return lambda record: replace(record, **{field: self._typo(getattr(record, field))})

        fields = [
            "given",
            "family",
            "family",
            "street",
            "city",
            "email",
            "organisation",
            "postcode",
            "number",
        ]
        return [
            *(typo_in(field) for field in fields),
            lambda record: (
                replace(record, given=record.family, family=record.given) if record.given else record
            ),
            lambda record: replace(record, given="", initials=record.initials or f"{record.given[:1]}."),
            lambda record: replace(record, infix="", family=f"{record.infix} {record.family}".strip()),
            lambda record: replace(record, infix=""),
            lambda record: replace(record, given=record.given[: max(3, len(record.given) - 3)]),
            lambda record: replace(record, family=f"{record.family}-{self._family()}"),
            lambda record: replace(record, given=self.chance.choice(self.given)),  # Johannes is called Hans
            lambda record: replace(record, email=f"{record.family.split()[0]}@{self._provider()}".lower()),
            self._moved,
            self._moved,
            self._other_job,
        ]

    def _moved(self, record: Record) -> Record:
        home = self._home()
        return replace(record, street=home.street, number=home.number, postcode=home.postcode, city=home.city)

    def _other_job(self, record: Record) -> Record:
        office = self._office()
        email = f"{record.given[:1]}.{record.family.split()[-1]}@{office.domain}".lower()
        return replace(record, organisation=office.organisation, phone=office.phone, email=email)

    def _typo(self, text: str) -> str:
        if len(text) < 2:
            return text
        at = self.chance.randrange(len(text) - 1)
        char = text[at]
        near = self.chance.choice(_KEYBOARD.get(char.lower(), "aeionst"))
        changed = [near, char + near, "", char + char, text[at + 1] + char]
        kind = self.chance.randrange(5)
        return text[:at] + changed[kind] + text[at + (2 if kind == 4 else 1) :]
