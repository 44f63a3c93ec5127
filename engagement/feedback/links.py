"""The link to what became of what somebody said; its subject is the key of the notes, as in approvals."""

from crm.links.purposes import register_purpose

FEEDBACK = register_purpose("feedback")
