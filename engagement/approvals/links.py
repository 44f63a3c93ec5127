"""The link with which somebody answers about what they said; its subject is the key of the notes.

Together with its contact that is one speaker, also after two people became one.
"""

from crm.links.purposes import register_purpose

APPROVAL = register_purpose("approval")
