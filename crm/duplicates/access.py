"""Who may merge what is known twice."""

from crm.accounts.roles import SENDERS, grant

grant("duplicates.merge", SENDERS)
