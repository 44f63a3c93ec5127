"""Searching everything that nouns registered as to be found (crm/base/finding.py)."""

from dataclasses import dataclass

from crm.accounts.models import User
from crm.accounts.roles import may
from crm.base.finding import MOST, Hit, Provider, providers
from crm.contacts.search_words import search_terms


@dataclass(frozen=True)
class Group:
    provider: Provider
    hits: list[Hit]
    more: bool


def search(text: str, user: User) -> list[Group]:
    """What `user` may see of what is found, by kind; kinds without a hit are left out."""
    groups = []
    for provider in providers() if search_terms(text) else []:
        if may(user, provider.capability):
            hits = list(provider.find(text, user))
            groups.append(Group(provider, hits[:MOST], len(hits) > MOST))
    return [group for group in groups if group.hits]
