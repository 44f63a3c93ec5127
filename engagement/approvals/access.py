"""Who asks speakers for approval, and notes what they said about it."""

from crm.accounts.roles import TEAM, grant

grant("approvals.change", TEAM)
