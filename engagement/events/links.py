"""The link with which somebody answers an invitation; its subject is the key of the participation."""

from crm.links.purposes import register_purpose

ANSWER = register_purpose("answer")
