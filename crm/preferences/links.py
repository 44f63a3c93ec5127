"""The links with which people say themselves what they want to receive."""

from crm.links.purposes import register_purpose

PREFERENCES = register_purpose("preferences")
UNSUBSCRIBE = register_purpose("unsubscribe")
