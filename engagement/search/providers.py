"""Searching everything that nouns registered as to be found (crm/base/finding.py)."""

from dataclasses import dataclass

from crm.accounts.roles import may
from crm.base.finding import MOST, Hit, Provider, Reader, providers
from crm.contacts.search_words import search_terms


@dataclass(frozen=True)
class Group:
    provider: Provider
    hits: list[Hit]
    more: bool


def search(text: str, user: Reader) -> list[Group]:
    """What `user` may see of what is found, by kind; kinds without a hit are left out."""
    groups = []
    for provider in providers() if search_terms(text) else []:
        if may(user, provider.capability):
            hits = list(provider.find(text, user))
            groups.append(Group(provider, hits[:MOST], len(hits) > MOST))
    return [group for group in groups if group.hits]
