"""Who may say what became of statements."""

from crm.accounts.roles import TEAM, grant

grant("evidence.change", TEAM)
