"""Which pairs are worth comparing: those that share two coarse traits, or a rare one. Never all pairs."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache

from crm.duplicates.records import Comparable

# A block says little when many share it, and its pairs grow with the square; other keys find the real ones.
LARGEST_BLOCK = 25
_VOWELS = re.compile(r"(?<!^)[aeiouyhw]")
_REPEATED = re.compile(r"(.)\1+")


def candidates(records: Sequence[Comparable], largest: int = LARGEST_BLOCK) -> Iterator[tuple[int, int]]:
    """Index pairs (low, high) in order, each once."""
    blocks: dict[str, list[int]] = defaultdict(list)
    for index, record in enumerate(records):
        for key in set(keys(record)):
            blocks[key].append(index)
    size = len(records)
    found: set[int] = set()
    for members in blocks.values():
        if 1 < len(members) <= largest:
            for at, low in enumerate(members):
                base = low * size
                found.update([base + high for high in members[at + 1 :]])
    return (divmod(code, size) for code in sorted(found))


def keys(record: Comparable) -> Iterator[str]:
    yield from _contact_keys(record)
    given, family = record.given[:3], sound(record.family)[:4]
    first, last = sorted((sound(record.given)[:4], family))
    street, city = sound(record.street)[:6], sound(record.city)[:5]
    number, postcode, extra = record.number, record.postcode, sound(record.extra)[:6]
    organisation = sound(record.organisation)[:7]
    initial = record.initials[:1]
    pairs = {
        "gf": (first, last),
        "if": (initial, record.family),
        "fp": (family, postcode),
        "fs": (family, street),
        "fc": (family, city),
        "fn": (family, number),
        "fo": (family, organisation),
        "gp": (given, postcode),
        "gs": (given, street),
        "gc": (given, city),
        "go": (given, organisation),
        "sn": (street, number),
        "sp": (street, postcode),
        "sc": (street, city),
        "pn": (postcode, number),
        "pc": (postcode, city),
        "xp": (extra, postcode),
        "xc": (extra, city),
        "xs": tuple(sorted((extra, street))),
        "gx": (given, extra),
        "fx": (family, extra),
    }
    for kind, (one, two) in pairs.items():
        if one and two:
            yield f"{kind}{one}|{two}"
    if not record.is_person:
        yield from _organisation_keys(record)


def _contact_keys(record: Comparable) -> Iterator[str]:
    for phone in record.phones:
        yield f"t{phone}"
    for email in record.emails:
        local, _, domain = email.partition("@")
        yield f"e{email}"
        yield f"l{local}"
        yield f"d{email[:5]}|{email[-6:]}"
        yield f"k{sound(local)[:3]}|{sound(domain)[:5]}"
        for name in (record.given, record.family):
            if name:
                yield f"n{name[:4]}|{email[:5]}"
                yield f"m{name[:4]}|{domain[:6]}"


def _organisation_keys(record: Comparable) -> Iterator[str]:
    """Each word of the name: the common ones make blocks that are too large and fall away."""
    for word in record.organisation.split():
        if len(word) > 2:
            yield f"w{word}"
            yield f"v{sound(word)[:5]}"
    if record.organisation:
        yield f"o{''.join(sorted(record.organisation.split()))[:12]}"


@lru_cache(maxsize=200_000)
def sound(text: str) -> str:
    """The first letter and the consonants, each once in a row: typing errors often leave it as it is."""
    return _REPEATED.sub(r"\1", _VOWELS.sub("", text.replace(" ", "")))
