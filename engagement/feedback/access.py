"""Who tells speakers what became of what they said."""

from crm.accounts.roles import TEAM, grant

grant("feedback.send", TEAM)
