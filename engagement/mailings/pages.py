"""The public pages that a mail leads to: each reader's own addresses of them."""

from collections.abc import Mapping
from functools import lru_cache
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from crm.contacts import formality
from crm.links.services import Wanted, links_for, token_for
from crm.preferences import links
from engagement.mailings.kinds import Fields
from engagement.mailings.models import Message

# Stands for a token where the mail is only looked at.
PREVIEW = "preview"
PREFERENCES, UNSUBSCRIBE = "preferences_url", "unsubscribe_url"


def urls_of(pages: Mapping[Message, Mapping[str, Wanted]]) -> dict[UUID, dict[str, str]]:
    """Per message the address of each of its `pages` by name, and of the two that every mail has.

    In a few statements for all. Those of a preview, which is no row yet, open nothing.
    """
    wanted = {message: {**more, **_of_every_mail(message)} for message, more in pages.items()}
    stored = [named for message, named in wanted.items() if not message._state.adding]
    keys = links_for([one for named in stored for one in named.values()])
    return {
        message.pk: {
            name: _page(one.purpose).replace(
                PREVIEW, PREVIEW if message._state.adding else token_for(keys[one], one.purpose)
            )
            for name, one in named.items()
        }
        for message, named in wanted.items()
    }


def _of_every_mail(message: Message) -> dict[str, Wanted]:
    return {
        PREFERENCES: Wanted(message.contact_id, links.PREFERENCES),
        UNSUBSCRIBE: Wanted(message.contact_id, links.UNSUBSCRIBE, message.purpose),
    }


@lru_cache(maxsize=8)
def _page(purpose: str) -> str:
    """The address of a page, which is called as its purpose, with a token that stands for any."""
    return settings.BASE_URL + reverse(purpose, args=[PREVIEW])


def query_for(message: Message, variety: str) -> str:
    """Behind the addresses of pages that would speak to the reader in another form than the mail does."""
    own = formality.variety(message.language, message.contact.formality)
    return "" if variety == own else f"?lang={variety}"


def unsubscribe_headers(fields: Fields) -> dict[str, str]:
    """RFC 2369 section 3.2 and RFC 8058 section 3.1."""
    return {
        "List-Unsubscribe": f"<{fields[UNSUBSCRIBE]}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
