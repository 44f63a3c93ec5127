"""Rows that name several people with an e-mail address each, as a row for each of them."""

from collections.abc import Iterator
from dataclasses import replace

from crm.base.text import fold, words
from crm.imports.columns.mapping import Mapping
from crm.imports.columns.people import names_of_several
from crm.imports.reading.sheets import SheetRow
from crm.imports.said import ONE_OF_SEVERAL

# Shorter words of a name stand in many addresses.
_SHORTEST = 3


class Couples:
    """Takes apart what a row says of several people, where each address tells whose it is."""

    def __init__(self, mapping: Mapping) -> None:
        columns = mapping.columns_of("full_name"), mapping.columns_of("email")
        self._columns = (columns[0][0], columns[1][0]) if all(len(one) == 1 for one in columns) else None

    def apart(self, rows: Iterator[SheetRow]) -> Iterator[SheetRow]:
        """Each row, or one for each person in it."""
        if self._columns is None:
            yield from rows
            return
        name_at, mail_at = self._columns
        for row in rows:
            mails = row.cells[mail_at] if mail_at < len(row.cells) else ""
            people = _people(row.cells[name_at], mails) if mails.count("@") > 1 else []
            if not people:
                yield row
            for name, mail in people:
                cells = [*row.cells]
                remark = ONE_OF_SEVERAL(text=cells[name_at][:60], count=len(people))
                cells[name_at], cells[mail_at] = name, mail
                yield replace(row, cells=cells, remarks=(remark,))


def _people(names: str, mails: str) -> list[tuple[str, str]]:
    """(name, address) of each, in their order; none where it is not clear whose an address is."""
    addresses = mails.replace(";", " ").replace(",", " ").replace("/", " ").split()
    found = names_of_several(names, len(addresses))
    return list(zip(found, addresses, strict=True)) if _are_theirs(found, addresses) else []


def _are_theirs(names: list[str], addresses: list[str]) -> bool:
    """Whether in each address stands a word of its own name."""
    own = [{word for word in words(name) if len(word) >= _SHORTEST} for name in names]
    boxes = [fold(address.split("@")[0]) for address in addresses]
    told = [[any(word in box for word in mine) for mine in own] for box in boxes]
    return bool(names) and all(row[at] for at, row in enumerate(told))
