"""Looking up everybody whom rows could be, in the order in which match() decides."""

from collections.abc import Callable, Sequence

from crm.imports.planning import lookups
from crm.imports.planning.known import Known
from crm.imports.planning.matching import People


def bring_nearby(people: People, wanted: Sequence[Known], bring: Callable[[set[int]], None]) -> None:
    """Find `wanted` by code and e-mail first, the rest by telephone, then by name and organisation.

    `bring` is given keys of contacts, some of them more than once, and adds to `people` whom it wants.
    """
    codes = [one.name["external_id"] for one in wanted if one.name["external_id"]]
    emails = [(email, one.surname) for one in wanted for email in one.emails]
    bring(lookups.by_address(emails) | lookups.by_code(codes))
    # Somebody whom another row brought may share a telephone, but so may others who are not brought yet.
    unsure = [one for one in wanted if people.match_by_code_or_email(one) is None]
    phones = [(number, one.surname) for one in unsure for _kind, number in one.phones]
    if reached := lookups.by_address(phones):
        bring(reached)
    unsure = [one for one in unsure if people.match_by_keys(one) is None]
    places = [(one.surname, int(key[1:])) for one in unsure for key in one.jobs if key[0] == "#"]
    nowhere = [(one.surname, bool(one.addresses)) for one in unsure if not one.jobs]
    bring(lookups.by_place(places) | lookups.without_place(nowhere))
